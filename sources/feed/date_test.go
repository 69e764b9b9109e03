package feed

import (
	"strings"
	"testing"
	"time"
)

// Each text is one that somebody could mean 5 November 2026, 14:05 UTC, by, or
// midnight of that day.
func TestDatesInAllTheirWritings(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	minute, day := time.Date(2026, 11, 5, 14, 5, 0, 0, time.UTC), time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"Thu, 05 Nov 2026 14:05:00 +0000": minute, "Thu, 05 Nov 2026 14:05:00 GMT": minute, "Thu, 5 Nov 2026 14:05 UT": minute, "5 Nov 26 14:05 Z": minute,
		"Thu, 05 Nov 2026 09:05:00 EST": minute, "Thu, 05 Nov 2026 06:05:00 PST": minute, "Thu, 05 Nov 2026 15:05:00 CET": minute, "Do, 05 Nov 2026 15:05:00 MEZ": minute,
		"Thu, 05 Nov 2026 23:05:00 JST": minute, "Thu, 05 Nov 2026 19:35:00 IST": minute, "Thu, 05 Nov 2026 17:05:00 MSK": minute, "Thu, 05 Nov 2026 11:05:00 BRT": minute,
		"Thu, 05 Nov 2026 16:05:00 GMT+2": minute, "Thu, 05 Nov 2026 16:05:00 UTC+02:00": minute, "Thu, 05 Nov 2026 15:05:00 +0100 (CET)": minute, "Thu, 05 Nov 2026 07:05:00 --0700": minute,
		"Thu Nov 05 14:05:00 +0000 2026": minute, "Thu Nov  5 14:05:00 2026": minute, "Thu Nov 05 2026 16:05:00 GMT+0200 (EET)": minute, "2026-11-05 14:05:00 UTC": minute,
		"2026-11-05T14:05:00Z": minute, "2026-11-05T16:05:00+0200": minute, "2026-11-05T16:05:00.000+02:00": minute, "2026-11-05t14:05:00z": minute, "20261105T140500Z": minute,
		"2026-11-05 14:05": minute, "2026/11/05 14:05": minute, "2026-11-05 09:05:00 America/New_York": minute, "1793887500": minute, "1793887500000": minute,
		"November 5, 2026 2:05 PM": minute, "Nov. 5th, 2026, 2:05 p.m.": minute, "5 November 2026 at 14:05": minute, "November 5, 2026 9:05 am ET": minute,
		"Do, 05 Nov 2026 14:05:00 +0000": minute, "Donnerstag, 5. November 2026, 14:05 Uhr": minute, "05.11.2026 14:05": minute, "05.11.26 14:05": minute, "5. Nov 2026, 14.05 Uhr": minute,
		"jeudi 5 novembre 2026 à 14h05": minute, "5 nov. 2026 14 h 05": minute, "jueves, 5 de noviembre de 2026 a las 14:05": minute, "mar, 5 nov 2026 14:05:00 +0000": minute,
		"giovedì 5 novembre 2026 ore 14:05": minute, "quinta-feira, 5 de novembro de 2026 14h05": minute, "donderdag 5 november 2026 om 14:05": minute, "czw., 5 listopada 2026 14:05": minute,
		"čtvrtek 5. listopad 2026 14:05": minute, "2026. november 5. 14:05": minute, "5 noiembrie 2026 14:05": minute, "5 Kasım 2026 Perşembe 14:05": minute, "torsdag den 5. november 2026 kl. 14.05": minute,
		"5. marraskuuta 2026 klo 14.05": minute, "Чт, 05 ноя 2026 17:05:00 +0300": minute, "5 ноября 2026 г., 14:05": minute, "5 листопада 2026, 14:05": minute, "Πέμπτη, 5 Νοεμβρίου 2026 14:05": minute,
		"5 בנובמבר 2026 14:05": minute, "5 نوفمبر 2026 14:05": minute, "٥ نوفمبر ٢٠٢٦ ١٤:٠٥": minute, "5 تشرين الثاني 2026 14:05": minute, "5 नवंबर 2026 14:05": minute, "५ नवम्बर २०२६ १४:०५": minute,
		"5 พฤศจิกายน 2569 14:05": minute, "5 พ.ย. 2569 14:05": minute, "2026年11月5日 14:05": minute, "2026年11月5日14時05分": minute, "令和8年11月5日 14:05": minute, "2026年11月5日 下午2:05": minute,
		"2026년 11월 5일 오후 2:05": minute, "5 tháng 11, 2026 14:05": minute, "5 November 2026 14:05 WIB": minute.Add(-7 * time.Hour),
		"2026-11-05": day, "5 Nov 2026": day, "November 5, 2026": day, "5.11.2026": day, "5. 11. 2026": day, "20261105": day, "2026. 11. 5.": day, "5 Novembre 2026": day,
		"27/10/2026": time.Date(2026, 10, 27, 0, 0, 0, 0, time.UTC), "10/27/2026": time.Date(2026, 10, 27, 0, 0, 0, 0, time.UTC), "27-10-2026": time.Date(2026, 10, 27, 0, 0, 0, 0, time.UTC),
		"05/11/2026": day, "11/05/2026": day, // the other reading is half a year old
	} {
		got, ok := dating{now: now}.pick(text)
		if !ok || !got.Equal(want) {
			t.Errorf("%q is read as %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "today", "5 November", "Donnerstag", "2026", "14:05", "32 November 2026", "30 Feb 2026", "2026-13-05", "5 Foo 2026", strings.Repeat("5 Nov 2026 ", 20),
		"Thu, 01 Jan 1970 00:00:00 +0000", "05 Nov 2097 14:05:00 +0000", "28 Nov 2026 12:00:00 +0000", "Fri, 27 Nov 2026 17:25:00", // a clock five and a half hours ahead
		"12/1/2020", // two readings, both long ago
	} {
		if got, ok := (dating{now: now}).pick(text); ok {
			t.Errorf("%q is read as %v, want no date", text, got)
		}
	}
}

// Which of two numbers is the month shows in the feed's other dates, now or
// earlier, and in that nothing is published after it is seen.
func TestDayAndMonthAreToldApart(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		others []string
		text   string
		order  order
		first  bool
		want   string // "": no date
	}{
		"another date has its day first":        {[]string{"27/10/2026"}, "11/05/2026", "", false, "2026-05-11"},
		"another date has its month first":      {[]string{"10/27/2026"}, "05/11/2026", "", false, "2026-05-11"},
		"another one would be in the future":    {[]string{"12/11/2026"}, "05/06/2026", "", false, "2026-06-05"},
		"it showed before":                      {nil, "05/06/2026", monthFirst, false, "2026-05-06"},
		"what showed now outweighs that":        {[]string{"27/10/2026"}, "05/06/2026", monthFirst, false, "2026-06-05"},
		"the others contradict each other":      {[]string{"27/10/2026", "10/27/2026"}, "05/06/2026", "", false, ""},
		"nothing shows, one was days ago":       {nil, "11/05/2026", "", false, "2026-11-05"},
		"nothing shows, both were long ago":     {nil, "05/06/2026", "", false, ""},
		"nothing shows, at the first pull":      {nil, "11/05/2026", "", true, ""},
		"one was today, at the first pull":      {nil, "11/26/2026", "", true, "2026-11-26"},
		"two digits of the year":                {[]string{"27/10/26"}, "11/05/26", "", false, "2026-05-11"},
		"dots say that the day is first":        {[]string{"10/27/2026"}, "05.11.2026", "", false, "2026-11-05"},
		"a month by two names, one in future":   {nil, "5 listopada 2026", "", false, "2026-11-05"},
		"a month by name does not say anything": {[]string{"27 Oct 2026"}, "05/06/2026", "", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := dating{now: now, first: c.first, order: c.order}.learn(append(c.others, c.text)).pick(c.text)
			if shown := got.Format(time.DateOnly); ok != (c.want != "") || ok && shown != c.want {
				t.Errorf("got %s, %v; want %q", shown, ok, c.want)
			}
		})
	}
}

// The short names of months are one month each.
func TestNamesOfMonths(t *testing.T) {
	t.Parallel()
	for i, names := range []string{
		"jan january januar enero janvier", "feb february febrero février févr", "mar march marzo mars märz mrt", "apr april abr avril kwiecień", "may mai maj mayo mei maggio май",
		"jun june junio juin czerwca haziran", "jul july julio juillet juil temmuz", "aug august août ago ağustos серпня", "sep sept september septiembre set września", "oct okt october octubre październik ekim",
		"nov november noviembre nov marraskuu kasım", "dec dez des december diciembre décembre grudzień aralık",
	} {
		for name := range strings.FieldsSeq(names) {
			if got := monthsOf(fold(name)); len(got) != 1 || got[0] != i+1 {
				t.Errorf("%s is %v, want %d", name, got, i+1)
			}
		}
	}
}

func TestOperatorsAreToldOfDates(t *testing.T) {
	t.Parallel()
	document := rssHead
	for _, d := range []string{"Fri, 27 Foo 2026 10:00:00 +0000", "Fri, 29 May 2026 10:00:00 +0000", "", "Thu, 01 Jan 1970 00:00:00 +0000", "Fri, 29 May 2037 10:00:00 +0000", "03/04/2024"} {
		document += "<item><guid>" + d + "</guid><pubDate>" + d + "</pubDate><description>We deny it.</description></item>"
	}
	when := dating{now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	got := when.complaints(readAll(t, document+rssTail, ""))
	if want := []string{"before", "two ways", "cannot be read", "future"}; len(got) != len(want) {
		t.Errorf("got %q, want one of each: %q", got, want)
	}
	for _, w := range got {
		if !strings.Contains(w, "backfill") {
			t.Errorf("%q does not say what comes of it", w)
		}
	}
}
