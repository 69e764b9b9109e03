package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/article"
)

func answer(body, contentType string) sources.Document {
	u, _ := url.Parse("https://northwind.example/feeds/news.xml?token=hush")
	return sources.Document{Status: 200, Body: []byte(body), Header: http.Header{"Content-Type": {contentType}}, URL: u}
}

// itemsOf are the items of a document, dated.
func itemsOf(d document, account onrecord.Account, when dating) []item {
	items, err := d.items(context.Background(), account)
	if err != nil {
		panic(err)
	}
	return when.date(items)
}

func readAll(t *testing.T, body, contentType string) []item {
	t.Helper()
	doc, err := parse(answer(body, contentType))
	if err != nil {
		t.Fatal(err)
	}
	return itemsOf(doc, onrecord.Account{ID: "feed:x", Speaker: "Northwind Data"}, dating{now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
}

const (
	rssHead = `<rss version="2.0"><channel><title>t</title>`
	rssTail = `</channel></rss>`
)

func TestEncodingIsFoundInOrder(t *testing.T) {
	t.Parallel()
	utf16 := func(s string, big bool) string {
		var b bytes.Buffer
		b.WriteString(map[bool]string{true: "\xfe\xff", false: "\xff\xfe"}[big])
		for _, r := range s {
			pair := []byte{byte(r), byte(r >> 8)}
			if big {
				pair[0], pair[1] = pair[1], pair[0]
			}
			b.Write(pair)
		}
		return b.String()
	}
	body := func(decl, word string) string {
		return decl + rssHead + "<item><guid>1</guid><description>" + word + "</description></item>" + rssTail
	}
	for name, c := range map[string]struct{ body, contentType string }{
		"utf-8":                         {body("", "café"), "text/xml"},
		"byte order mark before header": {"\xef\xbb\xbf" + body("", "café"), "text/xml; charset=iso-8859-1"},
		"utf-16 little":                 {utf16(body(`<?xml version="1.0" encoding="utf-16"?>`, "café"), false), "text/xml"},
		"utf-16 big":                    {utf16(body("", "café"), true), ""},
		"header before declaration":     {body(`<?xml version="1.0" encoding="koi8-r"?>`, "caf\xe9"), "text/xml; charset=iso-8859-1"},
		"declaration":                   {body(`<?xml version='1.0' encoding='windows-1252'?>`, "caf\xe9"), "application/rss+xml"},
		"unknown label in the header":   {body(`<?xml version="1.0" encoding="windows-1252"?>`, "caf\xe9"), "text/xml; charset=klingon"},
		"unknown label everywhere":      {body(`<?xml version="1.0" encoding="klingon"?>`, "caf\xe9"), "text/xml; charset=klingon"},
		"a declaration behind a header that cannot be": {body(`<?xml version="1.0" encoding="macintosh"?>`, "caf\x8e"), "text/xml; charset=utf-8"},
		"none, not utf-8":                  {body("", "caf\xe9"), ""},
		"a declaration that cannot be":     {body(`<?xml version="1.0" encoding="UTF-16"?>`, "café"), ""},
		"a declaration behind white space": {body("\n "+`<?xml version="1.0" encoding="windows-1252"?>`, "caf\xe9"), ""},
		"a declaration behind a control":   {body("\x01"+`<?xml version="1.0" encoding="utf-8"?>`, "café"), "text/xml; charset=utf-8"},
		"a broken content type":            {body("", "café"), "text/xml; charset"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := readAll(t, c.body, c.contentType)[0].Text; got != "café" {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestGapsOfTheParserAreFilled(t *testing.T) {
	t.Parallel()
	rdf := `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dcterms="http://purl.org/dc/terms/"><channel/>
		<item rdf:about="https://northwind.example/1"><title>One</title><link>https://northwind.example/1</link><dcterms:issued>2026-05-01T10:00:00Z</dcterms:issued></item></rdf:RDF>`
	video := `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry><id>yt:1</id><title>V</title><link href="/watch?v=1"/>
		<media:group><media:description>What we say.</media:description></media:group></entry></feed>`
	for name, c := range map[string]struct {
		body, url, text string
		dated           bool
	}{
		"relative link":        {rssHead + "<item><link>../news/1</link><description>d</description></item>" + rssTail, "https://northwind.example/news/1", "d", false},
		"permalink GUID":       {rssHead + "<item><guid>https://northwind.example/p</guid><description>d</description></item>" + rssTail, "https://northwind.example/p", "d", false},
		"GUID that is no link": {rssHead + `<link>https://northwind.example/home</link><item><guid isPermaLink="false">https://northwind.example/p</guid><description>d</description></item>` + rssTail, "https://northwind.example/home", "d", false},
		"no link at all":       {rssHead + `<item><guid>7</guid><description>d</description></item>` + rssTail, "https://northwind.example/", "d", false},
		"dcterms":              {rdf, "https://northwind.example/1", "One", true},
		"a podcast's summary":  {`<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><item><title>E</title><link>https://northwind.example/e</link><itunes:summary>What we talk about.</itunes:summary></item></channel></rss>`, "https://northwind.example/e", "What we talk about.", false},
		"media description":    {video, "https://northwind.example/watch?v=1", "What we say.", false},
		"script as a link":     {rssHead + `<link>https://northwind.example/home</link><item><link>javascript:alert(1)</link><description>d</description></item>` + rssTail, "https://northwind.example/home", "d", false},
		"plain text":           {rssHead + "<item><description>One &lt;not&gt; two.\n\nThree.</description></item>" + rssTail, "https://northwind.example/", "One <not> two.\n\nThree.", false},
		"atom text":            {`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><content type="text">Use &lt;b&gt; here.</content></entry></feed>`, "https://northwind.example/", "Use <b> here.", false},
		"unusual date":         {rssHead + "<item><description>d</description><pubDate>lundi 4 mai</pubDate></item>" + rssTail, "https://northwind.example/", "d", false},
		"date only":            {rssHead + "<item><description>d</description><pubDate>2026-05-04</pubDate></item>" + rssTail, "https://northwind.example/", "d", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := readAll(t, c.body, "")[0]
			if got.URL != c.url || got.Text != c.text || got.Dated != c.dated {
				t.Errorf("got %q, %q, dated %v; want %q, %q, %v", got.URL, got.Text, got.Dated, c.url, c.text, c.dated)
			}
		})
	}
}

func TestRawIsTheItemItself(t *testing.T) {
	t.Parallel()
	one, two := "<item><guid>1</guid><x:item>in</x:item></item>", "<ITEM><guid>2</guid></ITEM>"
	items := readAll(t, rssHead+one+" "+two+rssTail, "")
	if len(items) != 2 || string(items[1].Raw) != one || string(items[0].Raw) != two {
		t.Errorf("got %v", items)
	}
	long := readAll(t, rssHead+"<item><description>"+strings.Repeat("x", 2*maxRaw)+"</description></item>"+rssTail, "")
	if len(long[0].Raw) != maxRaw || len(long[0].Text) != 2*maxRaw {
		t.Errorf("raw has %d bytes, the text %d", len(long[0].Raw), len(long[0].Text))
	}
}

// The address of a private feed is a secret, and feeds repeat it.
func TestAFeedsAddressIsNoSource(t *testing.T) {
	t.Parallel()
	const secret = "9f86d081-884c-4d65-9a2f-eaa0c55ad015"
	account := onrecord.Account{ID: "feed:x", URL: "https://northwind.example/private/" + secret + "/rss?key=hush-hush"}
	u, _ := url.Parse(account.URL)
	for name, item := range map[string]string{
		"no link":            "<description>d</description>",
		"a link with it":     "<link>/private/" + secret + "/1</link><description>d</description>",
		"a link with a key":  "<link>https://northwind.example/1?key=hush-hush</link><description>d</description>",
		"links in the text":  `<link>/1</link><description>&lt;a href="#note"&gt;d&lt;/a&gt; &lt;a href="/private/` + secret + `/2"&gt;e&lt;/a&gt; &lt;img src="/i?key=hush-hush"&gt;</description>`,
		"the address itself": "<link>/1</link><description>Subscribe at " + account.URL + "</description>",
		"an enclosure":       `<link>/1</link><description>d</description><enclosure url="https://northwind.example/private/` + secret + `/a.pdf" type="application/pdf"/>`,
	} {
		d := answer(rssHead+"<item><guid>1</guid>"+item+"</item>"+rssTail, "")
		d.URL = u
		doc, err := parse(d)
		if err != nil {
			t.Fatal(err)
		}
		p := itemsOf(doc, account, dating{now: time.Now()})[0].Post
		if all := fmt.Sprintf("%+v %s", p, p.Raw); strings.Contains(all, secret) || strings.Contains(all, "hush-hush") || !strings.HasPrefix(p.URL, "https://northwind.example/") {
			t.Errorf("%s: the post shows the address: %s", name, all)
		}
	}
}

func TestWaitingForOtherFeedsEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(rssHead + strings.Repeat(" ", smallDocument) + rssTail))
		})
		s := &source{Visits: article.Visits{Own: &http.Client{Transport: loopback.Transport{Handler: site}}}, limit: 2 * smallDocument, parsing: make(chan struct{}, 1)}
		s.parsing <- struct{}{} // another document is being parsed
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := s.Pull(ctx, onrecord.Account{URL: "https://northwind.example/"}, "")
		var told *sources.Error
		if !errors.As(err, &told) || told.Trouble != sources.Unreached || !strings.Contains(err.Error(), "wait for other feeds") {
			t.Errorf("got %v, want unreachable", err)
		}
	})
}

// Who stops, or has no time left, does not wait for thousands of items.
func TestReadingManyItemsEnds(t *testing.T) {
	t.Parallel()
	var items strings.Builder
	for i := range 40 {
		fmt.Fprintf(&items, "<item><guid>%d</guid><description>%s</description></item>", i, strings.Repeat("We deny it. ", batchBytes/24))
	}
	doc, err := parse(answer(rssHead+items.String()+rssTail, ""))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	read := 0
	err = doc.batches(ctx, func(some document) {
		read += len(some.feed.Items)
		cancel()
	})
	var told *sources.Error
	if !errors.As(err, &told) || told.Trouble != sources.Unreached || !errors.Is(err, context.Canceled) || read == 0 || read >= 10 {
		t.Errorf("%d of 40 items are read, then %v", read, err)
	}
}

func TestErrorsAreShort(t *testing.T) {
	t.Parallel()
	_, err := parse(answer("<rss><"+strings.Repeat("é", 1<<20)+" &", ""))
	if err == nil || len(err.Error()) > 400 || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %.500v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		rssHead + "<item><title>a</title><link>/x</link><guid>1</guid><pubDate>Mon, 04 May 2026 10:00:00 GMT</pubDate></item>" + rssTail,
		`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/b/"><entry><id>1</id><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div></content></entry></feed>`,
		`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"content_html":"<p>x","attachments":[{"url":"u","mime_type":"image/png"}]},null]}`,
		`{"version":"https://jsonfeed.org/version/1","items":null}`, `{"error":"x"}`, "[]", "<html>", "\x01<rss><x:a><x:a>", "<rss><channel><item><item></channel></rss>",
		"\xff\xfe<\x00r\x00s\x00s\x00", `<?xml version="1.0" encoding="utf-16"?><rss/>`, "<rdf:RDF><item/></rdf:RDF>", "<!DOCTYPE r [<!ENTITY a \"b\">]><rss>&a;</rss>",
	} {
		f.Add([]byte(s), "text/xml; charset=utf-8")
		f.Add([]byte(s), "")
	}
	when := dating{now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		doc, err := parse(answer(string(body), contentType))
		if err == nil {
			_, err = doc.items(t.Context(), onrecord.Account{ID: "feed:x"})
		}
		if err != nil {
			if s := err.Error(); len(s) > 600 || strings.Contains(s, "hush") {
				t.Errorf("error %q", s)
			}
			return
		}
		items := itemsOf(doc, onrecord.Account{ID: "feed:x", Speaker: "Northwind Data"}, when)
		n := mark{}.next(items, false, http.Header{}, false, when)
		ids := map[string]bool{}
		for _, it := range n.fresh {
			if ids[it.ID] || it.ID == "" || len(it.Raw) == 0 || it.Created.IsZero() || !strings.HasPrefix(it.URL, "http") {
				t.Errorf("post %+v", it.Post)
			}
			ids[it.ID] = true
		}
		back, err := readMark(n.mark.cursor())
		if err != nil {
			t.Fatal(err)
		}
		if again := back.next(itemsOf(doc, onrecord.Account{ID: "feed:x"}, when), false, http.Header{}, false, when); len(again.fresh)+len(again.archive) != 0 {
			t.Errorf("the same document gave %d items again", len(again.fresh)+len(again.archive))
		}
	})
}

func BenchmarkParse(b *testing.B) {
	item := "<item><title>Statement</title><link>/news/1</link><guid>%</guid><pubDate>Mon, 04 May 2026 10:00:00 GMT</pubDate><description>&lt;p&gt;" + strings.Repeat("We deny it. ", 200) + "&lt;/p&gt;</description></item>"
	var s strings.Builder
	for i := range 50 {
		s.WriteString(strings.ReplaceAll(item, "%", string(rune('A'+i))))
	}
	d := answer(rssHead+s.String()+rssTail, "")
	b.SetBytes(int64(len(d.Body)))
	for b.Loop() {
		doc, err := parse(d)
		if err != nil {
			b.Fatal(err)
		}
		mark{}.next(itemsOf(doc, onrecord.Account{}, dating{now: time.Now()}), false, http.Header{}, false, dating{now: time.Now()})
	}
}

// A reference to a character that XML forbids, in one item, leaves the others readable.
func TestForbiddenCharactersByNumber(t *testing.T) {
	t.Parallel()
	for _, reference := range []string{"&#26;", "&#x1F;", "&#X0;", "&#xFFFF;", "&#x110000;", "&#99999999999999;"} {
		items := readAll(t, rssHead+"<item><guid>1</guid><description>We"+reference+" deny&#32;it&#x21;</description></item>"+rssTail, "")
		if len(items) != 1 || items[0].Text != "We deny it!" {
			t.Errorf("%s: got %+v", reference, items)
		}
	}
}

// A document that breaks off is read up to its last whole item, and nothing that stands
// behind what cannot be read is left out in silence.
func TestDocumentsThatBreakOff(t *testing.T) {
	t.Parallel()
	one := "<item><guid>1</guid><description>One.</description></item>"
	atom := `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>1</a:id><a:content>One.</a:content></a:entry>`
	for name, body := range map[string]string{
		"the end is missing":       rssHead + one,
		"the end is cut":           rssHead + one + "</channel></rss",
		"inside an item":           rssHead + one + "<item><guid>2</guid><descr",
		"inside CDATA":             rssHead + one + "<item><guid>2</guid><description><![CDATA[Tw",
		"inside CDATA's begin":     rssHead + one + "<item><guid>2</guid><description><![CD",
		"inside a comment":         rssHead + one + "<!-- gen",
		"with an error for an end": rssHead + one + "\n<b>Fatal error</b>: out of memory in < line 7",
		"Atom with a prefix":       atom + "<a:entry><a:id>2",
	} {
		doc, err := parse(answer(body, ""))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		items := itemsOf(doc, onrecord.Account{ID: "feed:x"}, dating{now: time.Now()})
		if !doc.cut || len(items) != 1 || items[0].Text != "One." || !strings.HasSuffix(string(items[0].Raw), "item>") && !strings.HasSuffix(string(items[0].Raw), "entry>") {
			t.Errorf("%s: cut %v, items %+v", name, doc.cut, items)
		}
	}
	for name, body := range map[string]string{
		"no whole item":        rssHead + "<item><guid>2</guid><descr",
		"an item behind it":    rssHead + one + "<item><guid>2</guid><a <b></item><item><guid>3</guid></item>" + rssTail,
		"a hostile rest":       rssHead + one + strings.Repeat("<x>", maxDepth+1),
		"no element behind it": "<rss",
	} {
		if doc, err := parse(answer(body, "")); err == nil {
			t.Errorf("%s: %d items, want it refused", name, len(doc.feed.Items))
		}
	}
}
