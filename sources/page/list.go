package page

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"onrecord/sources"
	"onrecord/sources/article"
	"onrecord/sources/markup"
)

// listed is an article on a page that lists some.
type listed struct {
	address *url.URL
	title   string
	date    time.Time // zero: the list does not say
}

// list finds the articles that a page lists, in its order: links to pages of the same
// site that the list dates, or that are below it and have a name of their own, or that
// have a headline, and addresses of a form that several have. Ways through the site have
// headlines of a word or two, and addresses of other forms.
func list(d sources.Document) []listed {
	home := listed{address: d.URL}
	forms, places := map[string]int{}, map[string]int{}
	var all []listed
	for _, a := range markup.Anchors(d.Body, d.Header.Get("Content-Type"), d.URL) {
		u, err := url.Parse(a.URL)
		if err != nil || article.Site(u.Hostname()) != article.Site(d.URL.Hostname()) {
			continue
		}
		u.Fragment = ""
		l := listed{u, a.Text, a.Date}
		if l.date.IsZero() {
			l.date = dateIn(u.Path)
		}
		name := l.canonical()
		i, known := places[name]
		switch {
		case name == home.canonical():
		case known: // a picture, its headline, and "read more"
			if len(l.title) > len(all[i].title) {
				all[i].title = l.title
			}
		default:
			forms[form(u)]++
			places[name] = len(all)
			all = append(all, l)
		}
	}
	within := strings.TrimSuffix(strings.TrimSuffix(d.URL.Path, "/"), path.Ext(d.URL.Path)) + "/"
	return slices.DeleteFunc(all, func(l listed) bool {
		below := len(within) > 1 && strings.HasPrefix(l.address.Path, within) && telling(l.address)
		alike := headline(l.title) && forms[form(l.address)] >= several && telling(l.address)
		return l.title == "" || l.date.IsZero() && !below && !alike
	})
}

// several addresses of one form are not there by chance.
const several = 3

// headline reports a text that says what happened, and is not the name of a part of a site.
func headline(text string) bool {
	letters, dense := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters++
		}
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai) {
			dense++
		}
	}
	return dense >= 6 || len(strings.Fields(text)) >= 3 && letters >= 12
}

var (
	numbers   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[0-9]+`) })
	dateInURL = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:^|[/_-])((?:19|20)[0-9]{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12][0-9]|3[01])(?:[/_.-]|$)`)
	})
)

// form is what addresses of one kind have in common: all but the last part of the path,
// whatever the numbers in it.
func form(u *url.URL) string {
	return strings.ToLower(u.Hostname()) + numbers().ReplaceAllString(path.Dir(strings.TrimSuffix(u.Path, "/")), "#")
}

// telling reports an address that names one article: by its headline or a number.
func telling(u *url.URL) bool {
	name := path.Base(strings.TrimSuffix(u.Path, "/"))
	return strings.Count(name, "-")+strings.Count(name, "_")+strings.Count(name, "%20") >= 2 || numbers().MatchString(name+u.RawQuery)
}

// dateIn is the day that an address names; zero: none.
func dateIn(path string) time.Time {
	m := dateInURL().FindStringSubmatch(path)
	if m == nil {
		return time.Time{}
	}
	at, err := time.Parse("20060102", m[1]+m[2]+m[3])
	if err != nil {
		return time.Time{}
	}
	return at
}
