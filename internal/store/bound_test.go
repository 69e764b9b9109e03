package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/sources"
	"onrecord/statements"
	"onrecord/statements/match"
)

// noise is a text that no database compresses.
func noise(size int) string {
	r, b := rand.New(rand.NewPCG(1, uint64(size))), strings.Builder{}
	for b.Len() < size {
		b.WriteByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[r.IntN(64)])
	}
	return b.String()
}

// The longest ids a post may have are keys of both databases, in every table.
func TestTheLongestIds(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		longest := noise(1 << 10)
		p := answering(longest, longest, longest)
		p.Thread, p.Revision, p.URL = longest, longest, "https://social.example/"+longest
		arrive(t, s, p)
		p.Revision = noise(1<<10 - 1)
		arrive(t, s, p) // a second revision
		must(t, s.KeepContext(t.Context(), "feed", map[string]statements.Words{noise(1<<10 - 2): {Text: "Why?", After: noise(1 << 10)}}, []string{noise(1<<10 - 3)}))
		must(t, s.SpendLog().Record(t.Context(), "x", "post", []sources.Charge{{ID: noise(6 << 10), Price: 5000}}))
		must(t, s.SpendLog().Record(t.Context(), "x", "post", []sources.Charge{{ID: noise(6 << 10), Price: 5000}, {ID: noise(7 << 10), Price: 1}}))
		if spent, err := s.SpendLog().Spent(t.Context(), "x", time.Now()); err != nil || spent != 5001 {
			t.Errorf("spent %d, %v: a longer id is no other resource each time", spent, err)
		}
		u := nextIs(t, s, longest)
		if st := owe(t, s); st.Parts[0].Thread != longest || u.Post.ReplyTo.ID != longest {
			t.Error("an id is not what it was")
		}
	})
}

// What the database takes no reading of is set aside and told, and the next post
// is read. No text is known that leads to one: here it is a score.
func TestAReadingThatCannotBeStored(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		u := nextIs(t, s, "1")
		bad := statement(u)
		bad.Score = nan()
		_, err := s.Record(t.Context(), opens(u, onrecord.Accept, bad, time.Time{}), everybody)
		toldOnce(t, "a reading that cannot be stored", err)
		if nextIs(t, s, "2"); listed(t, s)[0].Post != account.ID+"/1" {
			t.Errorf("set aside: %+v", listed(t, s))
		}
	})
}

func nan() float64 { zero := 0.0; return zero / zero }

// A post that could not be judged is told of as long as it could be on the record.
func TestAPostThatCouldNotBeJudgedIsListed(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		u := nextIs(t, s, "1")
		r := opens(u, onrecord.Review, statement(u), time.Time{})
		r.Findings = r.Findings[:1]
		r.Findings[0].Effect, r.Findings[0].Reasons = statements.Nothing{}, []onrecord.Reason{match.ReasonFor(match.Unreadable)}
		_, err := s.Record(t.Context(), r, everybody)
		must(t, err)
		owe(t, s)
		status, err := s.Status(t.Context())
		must(t, err)
		if len(status.Damaged) != 1 || status.Damaged[0] != (bot.DamagedRow{Post: account.ID + "/1", Unreadable: true}) {
			t.Errorf("told of %+v", status.Damaged)
		}
		_, err = behind(t, where).ExecContext(t.Context(), "UPDATE decisions SET made_at = 0")
		must(t, err)
		if list, err := s.SetAside(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("for ever: %+v, %v", list, err)
		}
	})
}

// A budget that was raised, or a token that was renewed, is tried at the next start.
// A place that asked for a rest gets it.
func TestWhatWasMendedIsTriedAtTheNextStart(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		for trouble, asked := range map[sources.Trouble]bool{sources.NoMoney: true, sources.Denied: true, sources.Limited: false, sources.Unreached: false} {
			s := open(t, where)
			tomorrow := time.Now().Add(24 * time.Hour)
			must(t, s.FinishPull(t.Context(), claim(t, s), bot.PullResult{NextAt: tomorrow, Trouble: trouble, Error: "said no"}))
			must(t, s.Close())
			s = open(t, where)
			next, err := s.NextPull(t.Context())
			must(t, err)
			if due := next.Before(tomorrow.Add(-time.Hour)); due != asked {
				t.Errorf("after %s the account is due at %s", trouble, next)
			}
			must(t, s.FinishPull(t.Context(), takenAnyway(t, where, s), bot.PullResult{NextAt: time.Now()}))
			must(t, s.Close())
		}
	})
}

// takenAnyway claims the account, whatever it waits for.
func takenAnyway(t *testing.T, where string, s *store.Store) bot.Claim {
	t.Helper()
	_, err := behind(t, where).ExecContext(t.Context(), "UPDATE accounts SET trouble = '', next_at = 0")
	must(t, err)
	return claim(t, s)
}

// A backup can be read by nobody else from its first byte on.
func TestABackupIsPrivateFromItsFirstByte(t *testing.T) {
	where := filepath.Join(t.TempDir(), "test.db")
	s := open(t, where)
	for i := range 20 {
		p := post(fmt.Sprint(i))
		p.Raw = []byte(noise(1 << 20))
		arrive(t, s, p)
	}
	must(t, s.Close())
	file := filepath.Join(t.TempDir(), "backup.db")
	done, modes := make(chan struct{}), make(chan os.FileMode, 1)
	go func() {
		var seen os.FileMode
		for {
			for _, path := range []string{file, file + ".partial"} {
				if info, err := os.Stat(path); err == nil {
					seen |= info.Mode().Perm()
				}
			}
			select {
			case <-done:
				modes <- seen
				return
			default:
			}
		}
	}()
	must(t, store.Backup(t.Context(), where, file))
	close(done)
	if mode := <-modes; mode != 0o600 {
		t.Errorf("while it was written its mode was %o", mode)
	}
}
