package main

import (
	"html"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// message is what is drawn of a body.
type message struct {
	Caption string
	Asked   string // the command that somebody called, of an answer that they alone see; "": everybody sees the message
	Content string
	Files   []picture
	Embeds  []struct {
		Author      struct{ Name string }
		Title       string
		Description string
		Color       int
		Fields      []struct {
			Name, Value string
			Inline      bool
		}
		Footer    struct{ Text string }
		Timestamp time.Time
		Image     struct{ URL string }
	}
	Components []component
}

// picture is a file that goes with a body: where it lies, seen from the page, and what it
// shows for who cannot see it.
type picture struct{ Path, Alt string }

// component is a row of buttons, or one of those that are a whole card.
type component struct {
	Type       int
	Content    string
	Label      string
	Style      int
	Disabled   bool
	Accent     int `json:"accent_color"`
	Components []component
}

// Types and styles of components. https://discord.com/developers/docs/components/reference
const (
	buttonType    = 2
	textType      = 10
	separatorType = 14
	containerType = 17
	linkStyle     = 5
)

func (c component) Is(kind string) bool {
	return c.Type == map[string]int{"button": buttonType, "text": textType, "separator": separatorType, "container": containerType}[kind]
}

func (c component) Class() string {
	return map[int]string{1: "blue", 3: "green", 4: "red"}[c.Style]
}

func (c component) Link() bool { return c.Style == linkStyle }

var (
	links   = regexp.MustCompile(`\[((?:[^\]\\]|\\.)*)\]\(&lt;?([^\s)]*?)(?:&gt;)?\)|\[((?:[^\]\\]|\\.)*)\]\(([^\s)]*)\)`)
	bold    = regexp.MustCompile(`\*\*((?:[^*\\]|\\.)+?)\*\*`)
	struck  = regexp.MustCompile(`~~((?:[^~\\]|\\.)+?)~~`)
	italic  = regexp.MustCompile(`(^|[^\\*])\*((?:[^*\n\\]|\\.)+)\*`)
	code    = regexp.MustCompile("`([^`]+)`")
	calls   = regexp.MustCompile(`&lt;@(?:&amp;)?\d+&gt;`)
	stamps  = regexp.MustCompile(`&lt;t:(\d+):([A-Za-z])&gt;`)
	escapes = regexp.MustCompile(`\\(&lt;|&gt;|&amp;|&#3[49];|[!-/:-@\[-` + "`" + `{-~])`)
)

// markdown renders the subset of Discord's Markdown that the notifier uses.
func markdown(s string) template.HTML {
	var out strings.Builder
	block := "" // the element that is open
	open := func(name string) {
		if block == name {
			return
		}
		if block != "" {
			out.WriteString("</" + block + ">")
		}
		if block = name; name != "" {
			out.WriteString("<" + name + ">")
		}
	}
	fenced := false
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
			open(map[bool]string{true: "pre", false: ""}[fenced])
			continue
		case fenced:
			out.WriteString(html.EscapeString(line) + "\n")
			continue
		}
		words, quoted := strings.CutPrefix(line, "> ")
		small, isSmall := strings.CutPrefix(words, "-# ")
		heading, isHeading := strings.CutPrefix(words, "### ")
		open(map[bool]string{true: "blockquote", false: ""}[quoted])
		switch {
		case line == "": // the margin of what is quoted sets it off
			out.WriteString(`<div class="gap"></div>`)
		case isSmall:
			out.WriteString("<small>" + inline(small) + "</small>")
		case isHeading:
			out.WriteString("<h3>" + inline(heading) + "</h3>")
		default:
			out.WriteString(inline(words) + "<br>")
		}
	}
	open("")
	return template.HTML(out.String())
}

func inline(s string) string {
	s = html.EscapeString(s)
	s = links.ReplaceAllString(s, "<a>$1$3</a>")
	s = bold.ReplaceAllString(s, "<b>$1</b>")
	s = struck.ReplaceAllString(s, "<s>$1</s>")
	s = italic.ReplaceAllString(s, "$1<i>$2</i>")
	s = code.ReplaceAllString(s, "<code>$1</code>")
	s = calls.ReplaceAllString(s, `<span class="call">@Ann</span>`)
	s = stamps.ReplaceAllStringFunc(s, func(m string) string {
		g := stamps.FindStringSubmatch(m)
		unix, _ := strconv.ParseInt(g[1], 10, 64) // digits by the pattern
		layout := map[string]string{"f": "2 January 2006 15:04", "D": "2 January 2006", "d": "02/01/2006", "T": "15:04:05", "t": "15:04"}[g[2]]
		if layout == "" {
			return "<time>just now</time>"
		}
		return "<time>" + time.Unix(unix, 0).UTC().Format(layout) + "</time>"
	})
	return escapes.ReplaceAllString(s, "$1")
}

var functions = template.FuncMap{
	"markdown": markdown,
	"hex":      func(n int) template.CSS { return template.CSS("#" + strconv.FormatInt(int64(n)+1<<24, 16)[1:]) },
}

// The look of Discord's clients: a phone shows the fields of an embed below each other.
const looks = `<style>
*{box-sizing:border-box}body{margin:0;background:#313338;color:#dbdee1;font:16px/1.375 "Noto Sans","DejaVu Sans",sans-serif}
.sheet{padding:12px;width:1208px}.design{display:grid;grid-template-columns:360px 800px;gap:0 24px;margin-bottom:28px;align-items:start}
.design h2{grid-column:1/3;font-size:15px;color:#949ba4;font-weight:600;margin:0 0 6px;border-bottom:1px solid #4e5058}
.screen{position:relative;overflow:hidden}.phone .screen{width:360px;padding:0 8px 0 4px}.fold{position:absolute;left:0;right:0;top:640px;border-top:2px dashed #f23f43}
.row{display:flex;gap:12px}.row>div:last-child{min-width:0;flex:1}.face{flex:none;width:40px;height:40px;border-radius:50%;background:#5865f2;color:#fff;display:grid;place-items:center;font-weight:700}
.name{color:#f2f3f5;font-weight:600}.app{background:#5865f2;color:#fff;font-size:10px;border-radius:3px;padding:1px 4px;margin:0 6px;vertical-align:2px}.when{color:#949ba4;font-size:12px}
.embed{background:#2b2d31;border-left:4px solid;border-radius:4px;padding:10px 16px 14px 12px;margin:6px 0;max-width:520px;font-size:14px;overflow-wrap:anywhere}
.author{font-weight:600;color:#f2f3f5;margin-bottom:6px}.title{font-weight:600;color:#00a8fc;font-size:16px;margin-bottom:6px}
blockquote{border-left:4px solid #4e5058;border-radius:4px;margin:0;padding:0 8px 0 12px}.gap{height:.6em}small{display:block;color:#949ba4;font-size:12px;line-height:1.4}h3{margin:2px 0;font-size:17px;color:#f2f3f5}
pre{background:#1e1f22;border-radius:4px;padding:8px;margin:4px 0;font:12px/1.4 "DejaVu Sans Mono",monospace;white-space:pre-wrap}
.fields{display:grid;grid-template-columns:repeat(3,1fr);gap:8px;margin-top:10px}.fields b{display:block;color:#f2f3f5}.wide{grid-column:1/4}.phone .fields{display:block}.phone .fields>div{margin-top:8px}
.footer{font-size:12px;margin-top:10px;color:#b5bac1}code{background:#1e1f22;border-radius:3px;padding:0 3px;font-size:85%}time{background:#3f4147;border-radius:3px;padding:0 2px}a{color:#00a8fc}
.button{display:inline-block;background:#4e5058;color:#fff;border-radius:4px;font-size:14px;padding:6px 14px;margin:2px 8px 4px 0}.green{background:#248046}.red{background:#da373c}.blue{background:#5865f2}.off{opacity:.5}
.asked{color:#949ba4;font-size:14px;margin:0 0 4px 52px}.asked b{color:#f2f3f5}.call,.asked span{background:#3c4270;color:#c9cdfb;border-radius:3px;padding:0 2px}.alone{color:#949ba4;font-size:12px;margin-top:4px}
.image{width:100%;max-width:550px;border-radius:8px;margin-top:10px;display:block}hr{border:0;border-top:1px solid #4e5058;margin:8px 0}
</style>`

const drawing = `{{define "component"}}{{if .Is "button"}}<span class="button {{.Class}}{{if .Disabled}} off{{end}}">{{.Label}}{{if .Link}} ↗{{end}}</span>
{{- else if .Is "text"}}<div>{{markdown .Content}}</div>{{else if .Is "separator"}}<hr>
{{- else if .Is "container"}}<div class="embed" style="border-color:{{hex .Accent}}">{{range .Components}}{{template "component" .}}{{end}}</div>
{{- else}}<div>{{range .Components}}{{template "component" .}}{{end}}</div>{{end}}{{end}}
{{- define "message"}}{{with .Asked}}<div class="asked"><b>Ann</b> used <span>{{.}}</span></div>{{end}}<div class="row"><div class="face">o</div><div><span class="name">onrecord</span><span class="app">APP</span><span class="when">just now</span>
<div>{{markdown .Content}}</div>{{range .Files}}<img class="image" src="{{.Path}}" alt="{{.Alt}}">
{{end}}
{{range .Embeds}}<div class="embed" style="border-color:{{hex .Color}}">{{with .Author.Name}}<div class="author">{{.}}</div>{{end}}{{with .Title}}<div class="title">{{markdown .}}</div>{{end}}
<div>{{markdown .Description}}</div>{{with .Fields}}<div class="fields">{{range .}}<div{{if not .Inline}} class="wide"{{end}}><b>{{.Name}}</b>{{markdown .Value}}</div>{{end}}</div>{{end}}
{{with .Image.URL}}<img class="image" src="{{.}}">{{end}}
{{if .Footer.Text}}<div class="footer">{{.Footer.Text}}{{if not .Timestamp.IsZero}} • {{.Timestamp.Format "2 January 2006 15:04"}}{{end}}</div>{{end}}</div>{{end}}
{{range .Components}}{{template "component" .}}{{end}}{{if .Asked}}<div class="alone">Only you can see this • <a>Dismiss message</a></div>{{end}}</div></div>{{end}}`

func parsed(name, text string) *template.Template {
	return template.Must(template.Must(template.New(name).Funcs(functions).Parse(drawing)).Parse(text))
}

var (
	row    = parsed("row", `<section class="design"><h2>{{.Caption}}</h2><div class="phone"><div class="screen">{{template "message" .}}<div class="fold"></div></div></div><div class="desk"><div class="screen">{{template "message" .}}</div></div></section>`)
	sheet  = parsed("sheet", `<!doctype html><meta charset="utf-8">`+looks+`<div class="sheet">{{range .}}{{.}}{{end}}</div>`)
	single = parsed("single", `<!doctype html><meta charset="utf-8">`+looks+`<div style="padding:16px 20px;width:640px">{{template "message" .}}</div>`)
)
