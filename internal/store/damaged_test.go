package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/internal/store/storetest"
	"onrecord/statements"
	"onrecord/statements/match"
)

// A damaged row costs that row alone: it is told of once and listed, and
// everything else goes on. The tests damage rows behind the store's back, as a
// flipped bit or a careless hand does.

func damage(t *testing.T, where, update string, args ...any) {
	t.Helper()
	r, err := behind(t, where).ExecContext(t.Context(), update, args...)
	must(t, err)
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("nothing was damaged by %s: %v", update, err)
	}
}

// toldOnce expects that a damaged row was set aside just now.
func toldOnce(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, bot.ErrSetAside) {
		t.Fatalf("%s: %v, want that it is set aside", what, err)
	}
}

// listed expects one row in the list of what is set aside.
func listed(t *testing.T, s *store.Store) []bot.DamagedRow {
	t.Helper()
	list, err := s.SetAside(t.Context())
	must(t, err)
	if len(list) != 1 {
		t.Fatalf("%d rows are set aside, want 1: %+v", len(list), list)
	}
	return list
}

func TestADamagedUnreadPostCostsItselfAlone(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":          `null`,
		"empty":            `{}`,
		"another post":     `{"Account":"` + account.ID + `","ID":"3","Revision":"r","Text":"x"}`,
		"another account":  `{"Account":"feed:courier.example","ID":"1","Revision":"r","Text":"x"}`,
		"another revision": `{"Account":"` + account.ID + `","ID":"1","Revision":"s","Text":"x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			onOne(t, name, func(t *testing.T, where string) {
				s := open(t, where)
				first := post("1")
				first.Revision = "r"
				arrive(t, s, first, post("2"))
				damage(t, where, "UPDATE posts SET body = $1 WHERE id = '1'", body)
				_, err := s.NextUnread(t.Context())
				toldOnce(t, "a damaged post", err)
				nextIs(t, s, "2")
				if list := listed(t, s); list[0].Post != account.ID+"/1" {
					t.Errorf("set aside: %+v", list)
				}
			})
		})
	}
}

// onOne runs a test on SQLite, and on both engines where the damage is the first
// of its kind: what is sound is told without the engine.
func onOne(t *testing.T, name string, test func(t *testing.T, where string)) {
	if name == "nothing" || name == "no posts" {
		onBoth(t, test)
		return
	}
	test(t, storetest.SQLite(t))
}

// statementDamages are ways in which a stored statement can be wrong, each an
// UPDATE of what is stored of statement $1.
var statementDamages = map[string]string{
	"nothing":                 `UPDATE statements SET body = '{}' WHERE id = $1`,
	"half":                    `UPDATE statements SET body = '{"v":1,' WHERE id = $1`,
	"of the future":           `UPDATE statements SET body = '{"v":99}' WHERE id = $1`,
	"of another one":          `UPDATE statements SET body = '{"ID":99,"Case":"c","Speaker":"Northwind Data","Account":"` + account.ID + `","Lane":"record","Parts":[{}]}' WHERE id = $1`,
	"no posts":                `DELETE FROM parts WHERE statement = $1`,
	"a revision that is gone": `UPDATE parts SET revision = 'gone' WHERE statement = $1`,
	"an unreadable post":      `UPDATE posts SET body = '{"v":1' WHERE seq = (SELECT post FROM parts WHERE statement = $1)`,
	"unknown lane":            `UPDATE statements SET lane = 'hidden' WHERE id = $1`,
	"quote too far":           quoting(0, 2, 999),
	"quote of none":           quoting(1, 0, 1),
	"quote reversed":          quoting(0, 5, 2),
	"quote inside a letter":   quoting(0, 1, len(letters)-1),
	"addition too far":        `UPDATE statements SET body = '{"v":1,"added":[{"part":0,"start":0,"end":999}]}' WHERE id = $1`,
}

// letters is a text in which a byte is no letter.
const letters = "Ça suffit, déjà"

func wordy(id string) onrecord.Post {
	p := post(id)
	p.Text = letters
	return p
}

func quoting(part, start, end int) string {
	return fmt.Sprintf(`UPDATE statements SET body = '{"v":1,"summary":{"quotes":[{"part":%d,"start":%d,"end":%d}]}}' WHERE id = $1`, part, start, end)
}

func TestADamagedHeldStatementCostsItselfAlone(t *testing.T) {
	for name, change := range statementDamages {
		t.Run(name, func(t *testing.T) {
			onOne(t, name, func(t *testing.T, where string) {
				s := open(t, where)
				arrive(t, s, wordy("1"), post("2"))
				hold(t, s)
				hold(t, s)
				damage(t, where, change, 1)
				toldOnce(t, "releasing it", s.Release(t.Context(), true, everybody))
				must(t, s.Release(t.Context(), true, everybody))
				if n, err := s.Owed(t.Context()); err != nil || n != 2 {
					t.Errorf("%d deliveries owed, want those of the sound one (%v)", n, err)
				}
				if next, err := s.NextRelease(t.Context()); err != nil || !next.IsZero() {
					t.Errorf("it is due at %s, %v: the loop would not sleep", next, err)
				}
				listed(t, s)
			})
		})
	}
}

func TestADamagedDeliveredStatementCostsItselfAlone(t *testing.T) {
	for name, change := range statementDamages {
		t.Run(name, func(t *testing.T) {
			onOne(t, name, func(t *testing.T, where string) {
				s := open(t, where)
				arrive(t, s, wordy("1"), post("2"))
				owe(t, s)
				sound := owe(t, s)
				damage(t, where, change, 1)
				_, err := s.Earlier(t.Context(), []string{"c"}, time.Time{})
				toldOnce(t, "comparing with it", err)
				byCase, err := s.Earlier(t.Context(), []string{"c"}, time.Time{})
				list := byCase["c"]
				if err != nil || len(list) != 1 || list[0].ID != sound.ID {
					t.Errorf("the record holds %+v, %v", list, err)
				}
				listed(t, s)
			})
		})
	}
}

// A person decided about a statement that is damaged by now.
func TestAVerdictOnADamagedStatementIsPassedOver(t *testing.T) {
	for name, change := range statementDamages {
		t.Run(name, func(t *testing.T) {
			onOne(t, name, func(t *testing.T, where string) {
				s := open(t, where)
				arrive(t, s, wordy("1"), post("2"))
				first, second := borderline(t, s), borderline(t, s)
				must(t, s.Moderate(t.Context(), first, onrecord.Accept, "Dana"))
				must(t, s.Moderate(t.Context(), second, onrecord.Accept, "Dana"))
				damage(t, where, change, first)
				_, err := s.NextModeration(t.Context())
				toldOnce(t, "following the verdict", err)
				r, err := s.NextModeration(t.Context())
				if err != nil || r == nil || r.Statement.ID != second {
					t.Fatalf("the verdict after it: %+v, %v", r, err)
				}
				must(t, follow(t, s, *r, 1))
				if r, err := s.NextModeration(t.Context()); err != nil || r != nil {
					t.Errorf("still to be followed: %+v, %v", r, err)
				}
				listed(t, s)
			})
		})
	}
}

// An article whose older words are damaged is read without them.
func TestADamagedBaselineCostsItselfAlone(t *testing.T) {
	for name, body := range map[string]string{"half": `{"ID":`, "nothing": `null`, "empty": `{}`} {
		t.Run(name, func(t *testing.T) {
			onOne(t, name, func(t *testing.T, where string) {
				s := open(t, where)
				first, edited := article()
				c := claim(t, s)
				_, err := s.StorePage(t.Context(), &c, []bot.PulledPost{{Post: first, Baseline: true}}, "", lease)
				must(t, err)
				must(t, s.FinishPull(t.Context(), c, bot.PullResult{NextAt: time.Now()}))
				revised(t, s, edited)
				damage(t, where, "UPDATE revisions SET body = $1 WHERE revision = 'r1'", body)
				_, err = s.NextUnread(t.Context())
				toldOnce(t, "reading the article", err)
				if u := unread(t, s, "r2"); u.Known.Baseline != "" {
					t.Errorf("the baseline is %q", u.Known.Baseline)
				}
				if list := listed(t, s); list[0].Post != account.ID+"/1" || !list[0].Baseline {
					t.Errorf("set aside: %+v", list)
				}
			})
		})
	}
}

// What was learned of a speaker and cannot be read any more is told of once, and learned anew.
func TestADamagedProfileIsLearnedAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		u, err := s.NextUnread(t.Context())
		must(t, err)
		r := opens(u, onrecord.Accept, statement(u), time.Time{})
		r.ProfileKey, r.Learned = account.Speaker, &statements.Profile{State: match.State{Posts: 1}}
		recorded(t, s, r, everybody)
		damage(t, where, "UPDATE speakers SET state = '{' WHERE name = $1", account.Speaker)
		_, err = s.NextUnread(t.Context())
		toldOnce(t, "what was learned", err)
		if text := err.Error(); !strings.Contains(text, "what was learned of "+account.Speaker) || !strings.Contains(text, "learned anew") || strings.Contains(text, "outbox") {
			t.Errorf("told as %q", text)
		}
		if u, err = s.NextUnread(t.Context()); err != nil || u == nil || u.Post.ID != "2" || u.Known.Profile.Version != 0 {
			t.Fatalf("the next post is %+v, %v", u, err)
		}
		if list, err := s.SetAside(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("a person is asked to look at %+v, %v", list, err)
		}
	})
}

// What was decided is explained also where the post, the reasons or the statement cannot
// be read any more.
func TestADecisionOnADamagedPostIsKnown(t *testing.T) {
	for name, change := range map[string]string{
		"a post":      "UPDATE posts SET body = '{' WHERE id = '1'",
		"the reasons": "UPDATE decisions SET reasons = '{'",
		"a statement": "UPDATE statements SET body = '{' WHERE number = 1",
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, where string) {
				s := open(t, where)
				p := post("1")
				p.URL = "https://x.example/1"
				arrive(t, s, p, post("2"))
				owe(t, s)
				owe(t, s)
				damage(t, where, change)
				st, list, err := s.Statement(t.Context(), 1)
				must(t, err)
				if len(list) != 1 || list[0].Decision.Label != onrecord.Accept || list[0].Post.ID != "1" || list[0].Statement != 1 {
					t.Fatalf("known: %+v", list)
				}
				if (list[0].Damaged == "") != (name == "a statement") || (st.ID == 0) != (name != "the reasons") {
					t.Errorf("%+v, damaged: %q", st, list[0].Damaged)
				}
				for _, named := range []string{p.URL, p.Key()} {
					if list, err := s.ByURL(t.Context(), named); err != nil || len(list) != 1 || list[0].Post.URL != p.URL {
						t.Errorf("at %s: %+v, %v", named, list, err)
					}
				}
				if all, err := s.Decisions(t.Context()); err != nil || len(all) != 2 {
					t.Errorf("%d decisions, %v", len(all), err)
				}
			})
		})
	}
}
