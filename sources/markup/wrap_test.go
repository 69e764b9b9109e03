package markup

import (
	"net/url"
	"testing"
)

func TestUnwrap(t *testing.T) {
	t.Parallel()
	const story = "https://ledger.example/2026/11/story"
	for wrapped, want := range map[string]string{
		"https://www.google.com/url?rct=j&sa=t&url=https://ledger.example/2026/11/story&ct=ga&usg=AOv":                                           story,
		"https://www.google.co.uk/url?q=https://ledger.example/2026/11/story&sa=U":                                                               story,
		"http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=1&url=https%3a%2f%2fledger.example%2f2026%2f11%2fstory&c=1":                  story,
		"https://l.facebook.com/l.php?u=https%3A%2F%2Fledger.example%2F2026%2F11%2Fstory&h=AT1":                                                  story,
		"https://l.instagram.com/?u=https%3A%2F%2Fledger.example%2F2026%2F11%2Fstory&e=AT1":                                                      story,
		"https://duckduckgo.com/l/?uddg=https%3A%2F%2Fledger.example%2F2026%2F11%2Fstory":                                                        story,
		"https://t.umblr.com/redirect?z=1&t=2&target=https://ledger.example/2026/11/story":                                                       story,
		"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fledger.example%2F2026%2F11%2Fstory&data=05":                           story,
		"https://href.li/?https://ledger.example/2026/11/story":                                                                                  story,
		"https://vk.com/away.php?to=https%3A%2F%2Fledger.example%2F2026%2F11%2Fstory":                                                            story,
		"https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fledger.example%2F2026%2F11%2Fstory":                                            story,
		"https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU=https%3a%2f%2fledger.example%2f2026%2f11%2fstory/RK=2/RS=x-":                       story,
		"https://urldefense.com/v3/__https://ledger.example/2026/11/story__;!!A!B$":                                                              story,
		"https://www.google.com/url?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fledger.example%252F2026%252F11%252Fstory": story,
		"https://news.google.com/rss/articles/CBMiJGh0dHBzOi8vbGVkZ2VyLmV4YW1wbGUvMjAyNi8xMS9zdG9yedIBAA?oc=5":                                   story,
		// These lead to what they say they lead to.
		story: story,
		"https://ledger.example/login?next=https://other.example/a":       "https://ledger.example/login?next=https://other.example/a",
		"https://ledger.example/story?url=https://other.example/a":        "https://ledger.example/story?url=https://other.example/a",
		"https://ledger.example/go?url=https://ledger.example/a":          "https://ledger.example/go?url=https://ledger.example/a",
		"https://ledger.example/search?q=https://other.example/a":         "https://ledger.example/search?q=https://other.example/a",
		"https://ledger.example/go?url=javascript:alert(1)":               "https://ledger.example/go?url=javascript:alert(1)",
		"https://ledger.example/go?url=/a":                                "https://ledger.example/go?url=/a",
		"https://ledger.example/go?url=https://user:hush@other.example/a": "https://ledger.example/go?url=https://user:hush@other.example/a",
		"https://t.co/AbCdEf": "https://t.co/AbCdEf",
		"":                    "", "%zz": "%zz",
	} {
		if got := Unwrap(wrapped); got != want {
			t.Errorf("%s leads to %s, want %s", wrapped, got, want)
		}
	}
}

// A page that only leads on says where; one of an article leads nowhere else.
func TestLeadsTo(t *testing.T) {
	t.Parallel()
	const story = "https://ledger.example/story"
	from, err := url.Parse("https://news.google.com/rss/articles/CBMi")
	if err != nil {
		t.Fatal(err)
	}
	for page, want := range map[string]string{
		`<meta http-equiv="Refresh" content="0; URL='https://ledger.example/story'">`:                                                       story,
		`<c-wiz><div data-n-au="https://ledger.example/story"></div></c-wiz><link rel=canonical href="https://news.google.com/articles/x">`: story,
		`<link rel="canonical" href="https://ledger.example/story">`:                                                                        story,
		`<meta property="og:url" content="https://www.google.com/url?q=https://ledger.example/story">`:                                      story,
		`<link rel="canonical" href="/articles/x"><a href="https://other.example/">other</a>`:                                               "",
		`<meta http-equiv=refresh content="0;url=javascript:alert(1)">`:                                                                     "",
		`<meta http-equiv=refresh content="5">`:                                                                                             "", `<script>go("https://ledger.example/story")</script>`: "",
	} {
		if got := LeadsTo([]byte(page), from); got != want {
			t.Errorf("%s leads to %q, want %q", page, got, want)
		}
	}
}
