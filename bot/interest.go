package bot

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onrecord"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
	"onrecord/statements/lang"
)

// Interest is what a reader of a channel asked to be told of in person.
type Interest struct {
	Channel string
	Reader  notifiers.Reader
	Words   string // such as `+appeal "trade secrets" -hiring`; "": any
	Speaker string // "": anybody
	Quiet   string // when they are not called, as [schedule.ParseHours] reads it
	Off     string // why they are not told any more; "": they are
}

// Interests are where it is kept what readers asked for.
type Interests interface {
	// KeepInterest adds one, or begins one anew.
	KeepInterest(ctx context.Context, i Interest) error
	// Interests returns those of a reader of a channel.
	Interests(ctx context.Context, channel, reader string) ([]Interest, error)
	// DropInterests forgets those of a reader of a channel, and what is owed to them.
	DropInterests(ctx context.Context, channel, reader string) error
}

// Wants reports whether a statement is one that the reader asked for: by the speaker, with
// one of the words, and none of those with a minus.
func (i Interest) Wants(s onrecord.Statement) bool { return len(AskedFor([]Interest{i}, s)) > 0 }

// AskedFor returns those of several by which a statement is asked for: its words are read once for all.
func AskedFor(list []Interest, s onrecord.Statement) (by []Interest) {
	text := lang.Tokens(s.Words())
	in := func(p []lang.Token) bool { return stands(text, p) }
	for _, i := range list {
		if i.Speaker != "" && i.Speaker != s.Speaker {
			continue
		}
		with, without := i.Passages()
		if (len(with) == 0 || slices.ContainsFunc(with, in)) && !slices.ContainsFunc(without, in) {
			by = append(by, i)
		}
	}
	return by
}

// Passages are the words, and the passages in quotation marks, of which one must stand in a
// statement, and those of which none may.
func (i Interest) Passages() (with, without [][]lang.Token) {
	rest := strings.TrimFunc(i.Words, between)
	for rest != "" {
		minus := strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "−")
		rest = strings.TrimLeft(rest, "+-−")
		var one string
		if one, rest = cutPassage(rest); len(lang.Tokens(one)) > 0 {
			if minus {
				without = append(without, lang.Tokens(one))
			} else {
				with = append(with, lang.Tokens(one))
			}
		}
		rest = strings.TrimFunc(rest, between)
	}
	return with, without
}

func between(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '、' }

// cutPassage cuts the first word, or what stands in quotation marks, from a text.
func cutPassage(text string) (one, rest string) {
	if mark, size := utf8.DecodeRuneInString(text); lang.DoubleQuote(mark) {
		text = text[size:]
		if end := strings.IndexFunc(text, lang.DoubleQuote); end >= 0 {
			_, size := utf8.DecodeRuneInString(text[end:])
			return text[:end], text[end+size:]
		}
		return text, ""
	}
	if end := strings.IndexFunc(text, between); end >= 0 {
		return text[:end], text[end:]
	}
	return text, ""
}

// personalCooldown is how long a reader is not called again about a case: what comes
// meanwhile stands in their thread.
const personalCooldown = 10 * time.Minute

// ReaderLane stands in the id under which what one reader of a channel is told waits, before
// the reader's own: nobody waits for what is told to another.
const ReaderLane = "/@"

// Calls counts how often these statements, in the order they were seen, would have called
// the reader, and how many would have come without a call.
func (i Interest) Calls(list []onrecord.Statement) (called, silent int) {
	last := map[string]time.Time{}
	quiet, _ := schedule.ParseHours(i.Quiet)
	for _, s := range list {
		_, worth := onrecord.StatementNotice{Statement: s}.News()
		switch before, again := last[s.Case]; {
		case !worth || !i.Wants(s):
		case quiet.Contain(s.Seen), again && s.Seen.Sub(before) < personalCooldown:
			silent++
		default:
			called++
			last[s.Case] = s.Seen
		}
	}
	return called, silent
}

// pingsOf are the roles that a channel calls, or the one reader whose it is.
func (d *deliverer) pingsOf(ctx context.Context, ch Channel) ([]Ping, error) {
	if ch.Reader == "" {
		return ch.Pings, nil
	}
	base, _, _ := strings.Cut(ch.ID, ReaderLane)
	list, err := d.outbox.Interests(ctx, base, ch.Reader)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	p := Ping{Role: ch.Reader, Cooldown: personalCooldown}
	for _, i := range list {
		if hours, err := schedule.ParseHours(i.Quiet); err == nil {
			p.Quiet = hours
		}
	}
	return []Ping{p}, nil
}
