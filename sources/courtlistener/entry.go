package courtlistener

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"onrecord"
	"onrecord/sources/markup"
)

const maxRaw = 64 << 10

// entry is a line of a docket, however it was read.
type entry struct {
	id       string // entry-12, or minute-entry-345 where the court gave no number
	address  string
	day      string // 2026-01-31
	short    string // what it is, in a few words; often not said
	text     string // of the clerk; often filled in later
	document string // the address of what was filed
	raw      []byte
}

// listed is an entry as the API shows it.
type listed struct {
	ID       int64  `json:"id"`
	Docket   string `json:"docket"`
	Number   *int64 `json:"entry_number"`
	Filed    string `json:"date_filed"`
	Modified string `json:"date_modified"`
	Text     string `json:"description"`
	Papers   []struct {
		Address    string `json:"absolute_url"`
		Short      string `json:"description"`
		Attachment *int64 `json:"attachment_number"`
		Path       string `json:"filepath_local"`
	} `json:"recap_documents"`
}

// storage is where CourtListener keeps documents.
const storage = "https://storage.courtlistener.com/"

func readListed(raw []byte) (l listed, err error) {
	if err := json.Unmarshal(raw, &l); err != nil {
		return l, err
	}
	if _, err := time.Parse(time.RFC3339, l.Modified); err != nil || l.ID <= 0 {
		return l, fmt.Errorf("entry %d does not say when it was modified", l.ID)
	}
	return l, nil
}

func (l listed) entry(base, docket string, raw []byte) entry {
	e := entry{id: "minute-entry-" + strconv.FormatInt(l.ID, 10), day: l.Filed, text: l.Text, raw: bytes.Clone(raw[:min(len(raw), maxRaw)])}
	if l.Number != nil && *l.Number != 0 {
		e.id = "entry-" + strconv.FormatInt(*l.Number, 10)
	}
	e.address = base + "/docket/" + docket + "/-/?order_by=desc#" + e.id
	for _, p := range l.Papers {
		if p.Attachment == nil {
			e.short = cmp.Or(e.short, p.Short)
			if p.Path != "" && e.document == "" {
				e.document = storage + p.Path
			}
		}
	}
	return e
}

var (
	// filer is who an entry says filed it, up to what hangs on it.
	filer = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?is)\bfiled by\s+(.{2,200}?)(?:\.?\s*\(|\.\s*(?:$|[A-Z(])|;|$)`)
	})
	// follows is what stands behind what an entry is, ends the end of its first sentence.
	// A full stop behind one or two letters is that of an initial.
	follows = regexp.MustCompile(`(?i)\s*[(;]|\s+filed by\s| by (?:plaintiffs?|defendants?|(?:chief |district |magistrate )*judge)\b`)
	ends    = regexp.MustCompile(`[\p{L}\d]{3}\.(?:\s|$)`)
)

// longestTitle is how much of an entry is its title where nothing else is, in bytes.
const longestTitle = 120

// opening is what an entry says first, of what it is.
func opening(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if at := follows.FindStringIndex(line); at != nil {
		line = line[:at[0]]
	}
	if at := ends.FindStringIndex(line); at != nil {
		line = strings.TrimRight(line[:at[1]], ". ")
	}
	if len(line) > longestTitle {
		line = line[:strings.LastIndexByte(line[:longestTitle], ' ')+1]
	}
	return strings.TrimSpace(strings.ToValidUTF8(line, ""))
}

// post is an entry as a post of a docket. Its author is who filed it: what the entry
// says is the clerk's, and nobody's words.
func (e entry) post(account onrecord.Account, docket string, now time.Time) onrecord.Post {
	text := markup.Guess(e.text, nil).Text
	p := onrecord.Post{
		Account: account.ID, ID: docket + "/" + e.id, URL: e.address, Kind: onrecord.Filing, Title: markup.Line(e.short), Text: text, Raw: e.raw,
	}
	if m := filer().FindStringSubmatch(text); m != nil {
		p.Author.Name = strings.Join(strings.Fields(m[1]), " ")
	}
	if p.Title == "" {
		p.Title = opening(text)
	}
	if p.Title == "" {
		p.Title = strings.ReplaceAll(e.id, "-", " ")
	}
	if to := markup.Resolve(nil, e.document); to != "" {
		p.Links = []onrecord.Link{{URL: to, Title: p.Title}}
	}
	p.Created, p.Dated = now.UTC(), false
	if at, err := time.Parse(time.DateOnly, e.day); err == nil && at.Year() > 0 {
		p.Created, p.Dated = at, true
	}
	p.Revision = version(p.Title, p.Text)
	return p
}

// version names what an entry says: of some sources nothing else tells that it changed.
func version(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// anchored reads the id of an entry from the address of its line on the docket's page.
func anchored(address string) (id string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || !anchor.MatchString(u.Fragment) {
		return "", false
	}
	return u.Fragment, true
}

var anchor = regexp.MustCompile(`^(minute-)?entry-[0-9]{1,12}$`)
