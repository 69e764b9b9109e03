// Command picture draws a message as Discord shows it, from the very bytes the
// notifier sends, as a page that a browser can photograph: docs/message.png.
//
//	make picture
package main

import (
	"encoding/json"
	"html"
	"html/template"
	"io"
	"log"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

type message struct {
	Content string
	Embeds  []struct {
		Author      struct{ Name string }
		Title       string
		Description string
		Color       int
		Fields      []struct{ Name, Value string }
		Footer      struct{ Text string }
		Timestamp   time.Time
	}
	Components []struct {
		Components []struct{ Label string }
	}
}

func main() {
	log.SetFlags(0)
	body, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatalf("read the message: %v", err)
	}
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		log.Fatalf("read the message: %v", err)
	}
	if err := page.Execute(os.Stdout, m); err != nil {
		log.Fatalf("draw the message: %v", err)
	}
}

var (
	links   = regexp.MustCompile(`\[((?:[^\]\\]|\\.)*)\]\(([^\s)]*)\)`)
	bold    = regexp.MustCompile(`\*\*(.+?)\*\*`)
	italic  = regexp.MustCompile(`(^|[^\\*])\*([^*\n]+)\*`)
	code    = regexp.MustCompile("`([^`]+)`")
	stamps  = regexp.MustCompile(`&lt;t:(\d+):([A-Za-z])&gt;`)
	escapes = regexp.MustCompile(`\\(&lt;|&gt;|&amp;|&#3[49];|[!-/:-@\[-` + "`" + `{-~])`)
)

// markdown renders the subset of Discord's Markdown that the notifier uses.
func markdown(s string) template.HTML {
	var out strings.Builder
	quoting := false
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\n")
		words, quote := strings.CutPrefix(line, "> ")
		if quote != quoting {
			out.WriteString(map[bool]string{true: "<blockquote>", false: "</blockquote>"}[quote])
			quoting = quote
		}
		if line == "" {
			continue // the quotation's own margin sets it off
		}
		out.WriteString(inline(words) + "<br>")
	}
	if quoting {
		out.WriteString("</blockquote>")
	}
	return template.HTML(out.String())
}

func inline(s string) string {
	s = html.EscapeString(s)
	s = links.ReplaceAllString(s, "<a>$1</a>")
	s = bold.ReplaceAllString(s, "<b>$1</b>")
	s = italic.ReplaceAllString(s, "$1<i>$2</i>")
	s = code.ReplaceAllString(s, "<code>$1</code>")
	s = stamps.ReplaceAllStringFunc(s, func(m string) string {
		g := stamps.FindStringSubmatch(m)
		unix, _ := strconv.ParseInt(g[1], 10, 64) // digits by the pattern
		layout := map[string]string{"f": "2 January 2006 15:04", "T": "15:04:05", "t": "15:04", "R": ""}[g[2]]
		if layout == "" {
			return "<time>just now</time>"
		}
		return "<time>" + time.Unix(unix, 0).UTC().Format(layout) + "</time>"
	})
	return escapes.ReplaceAllString(s, "$1")
}

var page = template.Must(template.New("").Funcs(template.FuncMap{
	"markdown": markdown,
	"hex":      func(n int) template.CSS { return template.CSS("#" + strconv.FormatInt(int64(n)+1<<24, 16)[1:]) },
}).Parse(`<!doctype html><meta charset="utf-8"><style>
body{margin:0;background:#313338;color:#dbdee1;font:16px/1.375 "gg sans","Noto Sans","DejaVu Sans",sans-serif;padding:16px 20px;width:640px}
.row{display:flex;gap:16px}.face{width:40px;height:40px;border-radius:50%;background:#5865f2;color:#fff;display:grid;place-items:center;font-weight:700}
.name{color:#f2f3f5;font-weight:600}.app{background:#5865f2;color:#fff;font-size:10px;border-radius:3px;padding:1px 4px;margin:0 6px;vertical-align:2px}.when{color:#949ba4;font-size:12px}
.embed{background:#2b2d31;border-left:4px solid;border-radius:4px;padding:10px 16px 14px 12px;margin:6px 0;max-width:520px;font-size:14px}
.author{font-weight:600;color:#f2f3f5;margin-bottom:6px}.title{font-weight:600;color:#00a8fc;font-size:16px;margin-bottom:6px}
blockquote{border-left:4px solid #4e5058;border-radius:4px;margin:0 0 8px;padding:0 8px 0 12px}
.fields{display:grid;grid-template-columns:repeat(3,1fr);gap:8px;margin-top:10px}.fields b{display:block;color:#f2f3f5}
.footer{font-size:12px;margin-top:10px;color:#b5bac1}code{background:#1e1f22;border-radius:3px;padding:0 3px;font-size:85%}time{background:#3f4147;border-radius:3px;padding:0 2px}a{color:#00a8fc}
.button{display:inline-block;background:#4e5058;color:#fff;border-radius:4px;font-size:14px;padding:6px 14px;margin:2px 8px 0 0}
</style><div class="row"><div class="face">o</div><div><span class="name">onrecord</span><span class="app">APP</span><span class="when">just now</span>
<div>{{markdown .Content}}</div>
{{range .Embeds}}<div class="embed" style="border-color:{{hex .Color}}"><div class="author">{{.Author.Name}}</div>{{with .Title}}<div class="title">{{.}}</div>{{end}}
<div>{{markdown .Description}}</div><div class="fields">{{range .Fields}}<div><b>{{.Name}}</b>{{markdown .Value}}</div>{{end}}</div>
<div class="footer">{{.Footer.Text}}{{if not .Timestamp.IsZero}} • {{.Timestamp.Format "2 January 2006 15:04"}}{{end}}</div></div>{{end}}
{{range .Components}}{{range .Components}}<span class="button">{{.Label}} ↗</span>{{end}}{{end}}</div></div>`))
