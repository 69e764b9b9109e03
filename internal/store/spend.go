package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"onrecord/sources"
)

// SpendLog returns what reading each place has cost, kept in this database.
func (s *Store) SpendLog() sources.SpendLog { return spendLog{s} }

type spendLog struct{ *Store }

// Record notes billed resources; one already noted today costs nothing more.
func (m spendLog) Record(ctx context.Context, place, class string, charges []sources.Charge) error {
	if len(charges) == 0 {
		return nil
	}
	return m.write(ctx, meterReads, func(tx *sql.Tx) error {
		day := m.Now().UTC().Format(time.DateOnly)
		for _, c := range charges {
			_, err := tx.ExecContext(ctx, "INSERT INTO spend (place, day, class, id, price, account) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING", place, day, class, keyOf(c.ID), c.Price, c.Account)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// keyOf is an id as a part of a key, which PostgreSQL bounds.
func keyOf(id string) string {
	const most = 1 << 10
	if id = sanitize(id); len(id) > most {
		sum := sha256.Sum256([]byte(id))
		return hex.EncodeToString(sum[:])
	}
	return id
}

// Reads counts what was noted in one UTC day.
func (m spendLog) Reads(ctx context.Context, place string, on time.Time, classes ...string) (n int64, err error) {
	args := []any{place, on.UTC().Format(time.DateOnly)}
	in := make([]string, len(classes))
	for i, class := range classes {
		args = append(args, class)
		in[i] = fmt.Sprintf("$%d", len(args))
	}
	err = m.r.QueryRowContext(ctx, "SELECT count(DISTINCT id) FROM spend WHERE place = $1 AND day = $2 AND class IN ("+strings.Join(in, ", ")+")", args...).Scan(&n)
	return n, err
}

// Spent sums a place's charges of one UTC day, in millionths of a dollar.
func (m spendLog) Spent(ctx context.Context, place string, on time.Time) (sum int64, err error) {
	err = m.r.QueryRowContext(ctx, "SELECT CAST(coalesce(sum(price), 0) AS BIGINT) FROM spend WHERE place = $1 AND day = $2", place, on.UTC().Format(time.DateOnly)).Scan(&sum)
	return sum, err
}
