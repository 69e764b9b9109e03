package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
)

// Ask implements [desk.Questions]. The same question has the same name.
func (s *Store) Ask(ctx context.Context, question string) (name string, err error) {
	question = sanitize(question)
	sum := sha256.Sum256([]byte(question))
	name = base64.RawURLEncoding.EncodeToString(sum[:12])
	return name, s.write(ctx, keepQuestion, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO questions (id, question, asked_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET asked_at = $3", name, question, s.now())
		return err
	})
}

// Asked implements [desk.Questions].
func (s *Store) Asked(ctx context.Context, name string) (question string, err error) {
	err = s.r.QueryRowContext(ctx, "SELECT question FROM questions WHERE id = $1", sanitize(name)).Scan(&question)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return question, err
}

// placeWords begins the keys of what places keep.
const placeWords = "place/"

// Recall returns what a place keeps under a key; "": nothing.
func (s *Store) Recall(ctx context.Context, key string) (value string, err error) {
	err = s.r.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = $1", placeWords+key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// Remember keeps a few words for a place.
func (s *Store) Remember(ctx context.Context, key, value string) error {
	return s.write(ctx, keepWords, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2", placeWords+key, sanitize(value))
		return err
	})
}
