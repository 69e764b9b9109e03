package markup

import (
	"html"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"onrecord"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ source, want string }{
		"plain":                     {"We filed our answer today.", "We filed our answer today."},
		"entities once":             {"R&amp;D is &lt;not&gt; on trial &mdash; &#8220;ever&#8221; 📄.", "R&D is <not> on trial — “ever” 📄."},
		"entities not twice":        {"write &amp;lt;b&amp;gt;", "write &lt;b&gt;"},
		"bare ampersand":            {"Northwind & Harbor", "Northwind & Harbor"},
		"paragraphs":                {"<p>One.</p>\n\n<p>Two.</p>", "One.\n\nTwo."},
		"line breaks":               {"One.<br>Two.<br/>\n<br />Three.", "One.\nTwo.\n\nThree."},
		"blocks":                    {"<div>One.<div>Two.</div></div>Three.", "One.\nTwo.\nThree."},
		"white space":               {"  a \n\t b&nbsp;c  <b> d</b> <i>e </i> ", "a b c d e"},
		"inline marks":              {"we <strong>den</strong>y <em>this</em>", "we deny this"},
		"list":                      {"Points:<ul><li>one</li><li> two</li><li></li></ul>End.", "Points:\n\n• one\n• two\n\nEnd."},
		"headings":                  {"<h1>Answer</h1>We deny it.", "Answer\n\nWe deny it."},
		"signs as pictures":         {`we say <img src="https://s.w.example/images/core/emoji/14/72x72/1f44e.png" alt="👎" class="wp-smiley" style="height: 1em;" /> to <img class="emoji" alt=":-(" src="/sad.svg"> that<img alt="⚖️" src="/x.svg">.<img alt="Court 5" src="/c.png"><img alt="" class="emoji" src="/e.png">`, "we say 👎 to :-( that⚖️."},
		"Windows' signs":            {"We\u0092ll say \u0093no\u0094 \u0096 today\u0081.", "We’ll say “no” – today."},
		"said":                      {"<p><q>We took nothing</q>, said Dana <q>the <q>iron</q> Reyes</q>.</p>", "“We took nothing”, said Dana “the ‘iron’ Reyes”."},
		"said, with marks":          {"<p>“<q>We took nothing</q>”, said she. <q> No </q>x</p>", "“We took nothing”, said she. “ No”x"},
		"said, left open":           {"<p><q>We took nothing", "“We took nothing"},
		"struck out":                {"we <del>settle</del> <ins>fight</ins>, <s>40</s><strike>400</strike> 4", "we fight, 4"},
		"readings":                  {"<ruby>企業<rp>(</rp><rt>きぎょう</rt><rp>)</rp></ruby><ruby>秘<rt>ひ<rb>密<rt>みつ</ruby>を<ruby>盗<rt>ぬす</ruby>む", "企業秘密を盗む"},
		"raised":                    {"10<sup>6</sup> on the 1<sup>st</sup>, H<sub>2</sub>O, <sup>-1</sup>, x<sup> n </sup>", "10⁶ on the 1st, H₂O, ⁻¹, x n"},
		"a note":                    {`<p>We deny it.<sup id="r1"><a href="#n1">[1]</a></sup> All of it<sup>2</sup>.</p>`, "We deny it. All of it²."},
		"raised, left open":         {"<p>a<sup>b<p>c", "ab\n\nc"},
		"nobody sees it":            {`a<span hidden>b</span><p style="display: none">c<p>d</p><span class="x sr-only">e<span>f</span></span><br hidden>g`, "a\n\nd\n\ng"},
		"table":                     {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		"quotation":                 {"<p>They say:</p><blockquote><p>You copied.</p><p>All of it.</p></blockquote><p>We did not.</p>", "They say:\n\n> You copied.\n\n> All of it.\n\nWe did not."},
		"nested quotation":          {"<blockquote>a<blockquote>b</blockquote>c</blockquote>", "> a\n\n> > b\n\n> c"},
		"quotation in a line":       {"a<blockquote>b<br>c</blockquote>", "a\n\n> b\n> c"},
		"preformatted":              {"<pre>  a\n    b  c\n</pre>d", "a\nb  c\n\nd"},
		"script and style":          {"a<script>alert('<p>x</p>')</script><style>p{}</style>b<noscript>n</noscript><template>t</template>", "ab"},
		"script in capitals":        {"a<SCRIPT>x</SCRIPT >b", "ab"},
		"whole document":            {"<!doctype html><html><head><title>T</title><meta charset=x></head><body>b</body></html>", "b"},
		"head left open":            {"<head><title>T</title><body>b", "b"},
		"self-closed frame":         {`<iframe src="//v.example/1" /><p>After.</p>`, "After."},
		"svg":                       {"a<svg><text>no</text><svg></svg>no</svg>b", "ab"},
		"elements of others":        {"<x-y>a</x-y> <o:p>b</o:p>", "a b"},
		"no element at all":         {"We did <not> write to <dana@harbor.example>, see <https://harbor.example/>.", "We did <not> write to <dana@harbor.example>, see <https://harbor.example/>."},
		"comments":                  {"a<!-- b -->c<![CDATA[d]]>e", "ace"},
		"unclosed":                  {"<p>a <b>b <a href=", "a b"},
		"control characters":        {"a\x00b\x07c\x1bd\u0085e", "abcd…e"},
		"broken utf-8":              {"a\xffb", "a\ufffdb"},
		"text area":                 {"<textarea>kept</textarea>", "kept"},
		"nothing":                   {" <p> </p> <br> ", ""},
		"tags in attributes":        {`<p title="<b>">a</p>`, "a"},
		"unmatched end":             {"</div></blockquote></pre></svg>a", "a"},
		"picture and caption":       {`<figure><img src="https://h.example/p.png" alt="no"><figcaption>Caption.</figcaption></figure>`, "Caption."},
		"mentions and Markdown":     {"@everyone **bold** ||spoiler|| &lt;@&amp;1&gt;", "@everyone **bold** ||spoiler|| <@&1>"},
		"right-to-left marks":       {"a\u202eb", "a\u202eb"},
		"empty item before a block": {"<ul><li></li></ul><p>a</p>", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Read(c.source, nil).Text; got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestLinksAndPictures(t *testing.T) {
	t.Parallel()
	base, _ := url.Parse("https://harbor.example/news/one?x=1")
	got := Read(`<p>See <a href="../answer.pdf">our <b>answer</b></a> and <a href="//docs.example/d">this</a>,
		<ul><li><a href="#top">top</a></li></ul> <a href="https://docs.example/d">this</a>
		<a href="mailto:dana@harbor.example">mail</a> <a href="javascript:alert(1)">js</a> <a href="">none</a> <a name=x>anchor</a>
		<a href="https://dana:pw@harbor.example/">secret</a> <a href="http://[">bad</a> <a href="https://open.example/">open
		<img src=/p.png alt=" The &lt;answer&gt; "><img src="https://count.example/1.gif" width=1 height=1><img alt=none><img src="data:image/png;base64,AA">`, base)
	want := Document{
		Text: "See our answer and this,\n\n• top\n\nthis mail js none anchor secret bad open",
		Links: []onrecord.Link{
			{URL: "https://harbor.example/answer.pdf", Shown: "our answer"},
			{URL: "https://docs.example/d", Shown: "this"},
			{URL: "https://harbor.example/news/one?x=1#top", Shown: "top"},
			{URL: "https://open.example/", Shown: "open"},
		},
		Media: []onrecord.Media{{Kind: "image", URL: "https://harbor.example/p.png", Alt: "The <answer>"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLinksAreBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 1000 {
		b.WriteString(`<a href="https://spam.example/` + strings.Repeat("x", i%300) + `">s</a><img src="https://spam.example/p.png">`)
	}
	d := Read(b.String(), nil)
	if len(d.Links) != maxLinks || len(d.Media) != maxMedia {
		t.Errorf("%d links and %d pictures, want %d and %d", len(d.Links), len(d.Media), maxLinks, maxMedia)
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"Our answer":                   "Our answer",
		"  Our\n answer ":              "Our answer",
		"R&D is <not> on trial":        "R&D is <not> on trial",
		"R&amp;D":                      "R&D",
		"<b>Our</b> <i>answer</i><br>": "Our answer",
		"a < b and c > d":              "a < b and c > d",
		"&lt;b&gt;":                    "<b>",
		"":                             "",
		"a\xffb":                       "a\ufffdb",
		"We &#8216;won&#8217;":         "We ‘won’",
	} {
		if got := Line(source); got != want {
			t.Errorf("Line(%q) = %q, want %q", source, got, want)
		}
	}
}

func TestGuess(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"plain":                                    "plain",
		"One.\r\nTwo.\n\n\n\nThree.  ":             "One.\nTwo.\n\nThree.",
		"R&D is <not> on trial":                    "R&D is <not> on trial",
		"R&amp;D is &lt;not&gt; on trial":          "R&D is <not> on trial",
		"this&notthat":                             "this&notthat",
		"<p>One.\nTwo.</p>":                        "One. Two.",
		"&lt;p&gt;We &amp;amp; they.&lt;/p&gt;":    "We & they.",
		"Use the &lt;p&gt; element, not &lt;b&gt;": "Use the <p> element, not <b>",
		"": "",
	} {
		if got := Guess(source, nil).Text; got != want {
			t.Errorf("Guess(%q) = %q, want %q", source, got, want)
		}
	}
}

// Neither nesting nor repetition may cost more than the length of the input.
func TestHostileMarkupIsReadInTime(t *testing.T) {
	t.Parallel()
	for name, unit := range map[string]string{
		"nested blocks": "<div>", "nested links": `<a href="https://h.example/">`, "nested quotations": "<blockquote>x", "nested formatting": "<b><i><p>",
		"tables": "<table><tr>", "open tags": "<", "attributes": "<p a=b ", "entities": "&amp", "lists": "<ul><li>x", "silence": "<svg>", "comments": "<!--",
		"said": "<q>", "raised": "<sup>x", "never lowered": "x<b>", "readings": "<ruby>x<rt>", "quotations": "<q>a</q>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := "<sup>" + strings.Repeat(unit, (1<<20)/len(unit))
			began := time.Now()
			d := Read(source, nil)
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("took %s for 1 MiB", took)
			}
			if len(d.Text) > 4*len(source) {
				t.Errorf("1 MiB became %d bytes", len(d.Text))
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"", "plain", "<p>a</p><p>b", "<blockquote><pre> a\n b</pre>", `<a href="/x">y</a>`, "&lt;b&gt;&amp;amp;", "<svg><a>", "<ul><li>1<li>2",
		"\x00\xff", "<script>", "<iframe/>x", "<a href=x><a href=y>", "<pre>\n\n\n</pre>", "<br><br><br>x", "R&D <not>",
	} {
		f.Add(s)
	}
	base, _ := url.Parse("https://harbor.example/")
	f.Fuzz(func(t *testing.T, source string) {
		d := Read(source, base)
		if !utf8.ValidString(d.Text) || strings.TrimSpace(d.Text) != d.Text || strings.Contains(d.Text, "\n\n\n") {
			t.Errorf("text %q is not laid out as promised", d.Text)
		}
		if i := strings.IndexFunc(d.Text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
			t.Errorf("a control character at %d of %q", i, d.Text)
		}
		for _, l := range d.Links {
			if u, err := url.Parse(l.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" {
				t.Errorf("link to %q", l.URL)
			}
		}
		// What was read and is written as HTML again reads the same.
		for line := range strings.SplitSeq(d.Text, "\n") {
			if line = strings.Join(strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' }), " "); strings.TrimSpace(line) != line {
				continue
			}
			if again := Read(html.EscapeString(line), nil).Text; again != line {
				t.Errorf("%q was read as %q", line, again)
			}
		}
		if g := Guess(source, base).Text; !utf8.ValidString(g) || strings.TrimSpace(g) != g || strings.Contains(g, "\n\n\n") {
			t.Errorf("guessed text %q is not laid out as promised", g)
		}
		if p := Plain(source); Plain(p) != p {
			t.Errorf("plain text %q reads as %q the second time", p, Plain(p))
		}
		if l := Line(source); !utf8.ValidString(l) || strings.ContainsAny(l, "\n\r") {
			t.Errorf("title %q", l)
		}
	})
}
