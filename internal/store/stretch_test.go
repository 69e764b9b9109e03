package store_test

import (
	"slices"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
)

// The record is read in pieces, in either direction, without what is for review.
func TestStretch(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"), post("3"), post("4"))
		borderline(t, s)
		for range 3 {
			u, err := s.NextUnread(t.Context())
			must(t, err)
			recorded(t, s, opens(u, onrecord.Accept, statement(u), time.Time{}), readers)
		}
		numbers := func(what bot.Stretch) (list []int64) {
			found, err := s.Stretch(t.Context(), what)
			must(t, err)
			for _, st := range found {
				list = append(list, st.No)
			}
			return list
		}
		all, err := s.OnRecord(t.Context(), "", 1)
		must(t, err)
		first := all[0]
		for _, c := range []struct {
			what bot.Stretch
			want []int64
		}{
			{bot.Stretch{Limit: 10}, []int64{4, 3, 2}},
			{bot.Stretch{Limit: 2}, []int64{4, 3}},
			{bot.Stretch{Limit: 2, Below: 4}, []int64{3, 2}},
			{bot.Stretch{Limit: 1, Above: 2, Upwards: true}, []int64{3}},
			{bot.Stretch{Limit: 9, Case: first.Case, Speaker: first.Speaker}, []int64{4, 3, 2}},
			{bot.Stretch{Limit: 9, Case: "another"}, nil},
			{bot.Stretch{Limit: 9, Speaker: "Nobody"}, nil},
			{bot.Stretch{Limit: 9, Fate: onrecord.Deleted}, nil},
			{bot.Stretch{Limit: 9, Since: time.Now().Add(time.Hour)}, nil},
		} {
			if got := numbers(c.what); !slices.Equal(got, c.want) {
				t.Errorf("%+v: %v, want %v", c.what, got, c.want)
			}
		}
		if n, err := s.Tally(t.Context(), first.Case); err != nil || n[first.Speaker] != 3 || len(n) != 1 {
			t.Errorf("counted %v, %v", n, err)
		}
		_, err = moderator(s).Correct(t.Context(), 3, "Ivo Lind", "")
		must(t, err)
		if got := numbers(bot.Stretch{Limit: 9, Speaker: "Ivo Lind"}); !slices.Equal(got, []int64{3}) {
			t.Errorf("by whom it was corrected to: %v", got)
		}
		_, err = moderator(s).Retract(t.Context(), 4, "not his words")
		must(t, err)
		if n, err := s.Tally(t.Context(), first.Case); err != nil || n[first.Speaker] != 1 || n["Ivo Lind"] != 1 {
			t.Errorf("counted %v, %v", n, err)
		}
	})
}
