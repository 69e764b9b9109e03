package bot

import (
	"testing"
	"time"

	"onrecord"
)

// What matters less leaves room for what matters more and is not said yet; what there is no
// room for is told together, once no more comes.
func TestWhatIsPublished(t *testing.T) {
	now := time.Date(2026, 10, 5, 14, 0, 0, 0, time.UTC)
	ago := func(minutes ...int) (list []time.Time) {
		for _, m := range minutes {
			list = append(list, now.Add(-time.Duration(m)*time.Minute))
		}
		return list
	}
	four, eight, nine := ago(10, 20, 30, 40), ago(1, 2, 3, 4, 5, 6, 7, 50), ago(1, 2, 3, 4, 5, 6, 7, 8, 50)
	for name, tc := range map[string]struct {
		Publishing
		turn   Turn
		want   string
		within time.Duration
	}{
		"news, at once":                        {Publishing{Published: four, Waiting: 30}, NewsTurn, "publish", 0},
		"a quotation leaves room":              {Publishing{Published: append(four, ago(41, 42)...), Waiting: 1}, QuotedTurn, "wait", 18 * time.Minute},
		"more to what was said leaves room":    {Publishing{Published: four, Waiting: 1}, ExpandingTurn, "wait", 20 * time.Minute},
		"there is room for it an hour later":   {Publishing{Published: ago(10, 20, 30, 60), Waiting: 1}, ExpandingTurn, "publish", 0},
		"the only one waits for room":          {Publishing{Published: eight, Waiting: 1, Oldest: ago(20)[0], Newest: ago(20)[0]}, NewsTurn, "wait", 10 * time.Minute},
		"more may come":                        {Publishing{Published: eight, Waiting: 5, Oldest: ago(20)[0], Newest: ago(2)[0]}, NewsTurn, "wait", 8 * time.Minute},
		"no more came":                         {Publishing{Published: eight, Waiting: 5, Oldest: ago(20)[0], Newest: ago(10)[0]}, NewsTurn, "gather", 0},
		"more come without end":                {Publishing{Published: eight, Waiting: 50, Oldest: ago(60)[0], Newest: ago(0)[0]}, NewsTurn, "gather", 0},
		"not before a digest can be published": {Publishing{Published: nine, Waiting: 5, Oldest: ago(20)[0], Newest: ago(15)[0]}, NewsTurn, "wait", 10 * time.Minute},
		"a digest has the ninth":               {Publishing{Published: eight, Waiting: 5}, DigestTurn, "publish", 0},
		"a digest waits for its own":           {Publishing{Published: nine, Waiting: 5, Oldest: ago(20)[0], Newest: ago(15)[0]}, DigestTurn, "wait", 10 * time.Minute},
	} {
		publish, gather, wait := tc.decide(now, tc.turn)
		got := map[bool]string{true: "publish", false: map[bool]string{true: "gather", false: "wait"}[gather]}[publish]
		if got != tc.want || got == "wait" && wait.Sub(now) != tc.within {
			t.Errorf("%s: %s, after %s; want %s, after %s", name, got, wait.Sub(now), tc.want, tc.within)
		}
	}
	for _, tc := range []struct {
		s    onrecord.Statement
		want Turn
	}{
		{onrecord.Statement{Novelty: onrecord.New}, NewsTurn},
		{onrecord.Statement{Novelty: onrecord.Changed, Prior: 1}, NewsTurn},
		{onrecord.Statement{Novelty: onrecord.New, Via: "The Courier"}, QuotedTurn},
		{onrecord.Statement{Novelty: onrecord.Expands, Prior: 1}, ExpandingTurn},
	} {
		if got := TurnOf(tc.s); got != tc.want {
			t.Errorf("%+v has turn %d, want %d", tc.s, got, tc.want)
		}
	}
}
