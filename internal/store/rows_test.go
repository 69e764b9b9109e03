package store

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
	"onrecord/statements/match"
)

// testdata/rows holds a body of every kind in every version that ever landed.
// Databases hold them, too: none is changed, and one is added with every version.

func when(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

// What the bodies say, whatever their version.
var (
	storedPost = onrecord.Post{
		Account: "x:harborlabs", ID: "1142", Revision: "r2", URL: "https://social.example/@harborlabs/1142", Thread: "1140",
		Author: onrecord.Author{ID: "7", Handle: "harborlabs", Name: "Harbor Labs"}, Kind: onrecord.Thread, Title: "A title", Warning: "law",
		Text: "We deny it – “all” of it.\nSee you in court.", Lang: "en", Created: when("2026-03-01T12:00:00.123456+01:00"), Dated: true,
		ReplyTo: &onrecord.Ref{ID: "1141", Account: "dreyes", URL: "https://social.example/@dreyes/1141", Text: "Did you take it?"},
		Quotes:  &onrecord.Ref{ID: "99"}, Reposts: &onrecord.Ref{Account: "northwind"},
		Links: []onrecord.Link{{URL: "https://court.example/1", Shown: "court.example/1", Title: "The docket"}},
		Media: []onrecord.Media{{Kind: "image", URL: "https://social.example/i/1", Alt: "a letter"}}, Cut: true,
	}
	secondPost = onrecord.Post{
		Account: "x:harborlabs", ID: "1143", Thread: "1140", URL: "https://social.example/@harborlabs/1143", Kind: onrecord.Thread,
		Author: onrecord.Author{Handle: "harborlabs"}, Text: "2/2 The drive is empty.", Created: when("2026-03-01T11:01:00Z"), Dated: true,
	}
	storedReasons = []onrecord.Reason{
		{Code: "other_side", Name: "names the other side", Weight: 1.3, Text: "Northwind", Start: 3, End: 7},
		{Code: "legal_talk", Name: "language of courts", Weight: 0.25, Text: "court", Where: "parent"},
	}
	storedStatement = onrecord.Statement{
		ID: 42, No: 40, Case: "northwind-v-harbor", Speaker: "Harbor Labs", Role: "defendant", Account: "x:harborlabs", Lane: onrecord.Record,
		Parts: []onrecord.Post{storedPost, secondPost}, Via: "courier.example",
		Mirrors: []onrecord.Mention{{Post: "bluesky:harborlabs/3k", Thread: "3j", Account: "bluesky:harborlabs", Source: "bluesky", URL: "https://bsky.example/3k", At: when("2026-03-01T11:05:00Z")}},
		Novelty: onrecord.Expands, Prior: 39, Added: []onrecord.Span{{Part: 1, Start: 4, End: 23}},
		Summary: onrecord.Summary{
			Quotes: []onrecord.Span{{Part: 0, Start: 0, End: 10}}, InShort: "Harbor Labs denies it.", Turned: true, Translation: "Wir bestreiten es.", Lang: "en",
			Stance: "denies", Instructs: true, Origin: "extract",
		},
		Reasons: storedReasons, Score: 1.55, Seen: when("2026-03-01T11:00:04.5Z"),
	}
	storedDecision = onrecord.Decision{
		Reasons: storedReasons, Quiet: true, Without: onrecord.Review, Opinion: &onrecord.Opinion{
			OnCase: onrecord.No, Confidence: onrecord.High, Stance: "comments", Instructs: true, Model: "a-model", Shown: "the post, what it answers", Together: 19, Rewords: &storedRewording,
		},
	}
	storedQuiet = onrecord.Statement{
		ID: 42, No: 40, Case: "northwind-v-harbor", Speaker: "Harbor Labs", Account: "x:harborlabs", Lane: onrecord.ForReview, Quiet: true,
		Parts: []onrecord.Post{secondPost}, Reasons: storedReasons, Score: -1.25, Seen: when("2026-03-01T11:00:04.5Z"), Rewords: &storedPassage,
	}
	storedRewording = onrecord.Rewording{Of: 17, Words: onrecord.Span{Start: 2, End: 9}, Prior: onrecord.Span{Start: 4, End: 12}}
	storedPassage   = onrecord.Passage{Post: onrecord.PostID{Account: "x:harborlabs", ID: "1"}, Revision: "2", Start: 4, End: 12, Said: when("2026-02-01T10:00:00Z")} // its words are those of the post
	storedMessage   = notifiers.Message{Body: []byte(`{"content":"Harbor Labs – new · S-0042"}`), Files: []notifiers.File{{Name: "letter.png", Type: "image/png", Alt: "A letter", Data: []byte("\x89PNG\r\n\x00\xff")}}, More: true}

	storedTracked      = bot.MadeAccount{Source: "feed", Handle: "harbor", URL: "https://harbor.example/feed.xml", Speaker: "Harbor Labs", Cases: []string{"nh"}}
	storedSubscription = bot.Subscription{Selection: bot.Selection{Speakers: []string{"Harbor Labs"}, Novelties: []onrecord.Novelty{onrecord.New, onrecord.Changed}}, Publish: true}

	storedProfile = match.State{
		At: when("2026-03-01T11:00:00Z"), Posts: 12.5, Others: 3.25, Terms: []match.Tally{{Term: "drive", N: 2}},
		Cases: []match.CaseState{{
			ID: "northwind-v-harbor", Anchored: 1.5, Last: when("2026-02-01T10:00:00Z"), Statements: 4, Words: []match.Learned{{Word: "pricing", Yes: 2, No: 1, Since: 3}},
			Taught: []match.Taught{{Code: "case_keyword", Verdicts: 6, Yes: 1, Expected: 2.4}},
		}},
		Recent: []match.RecentPost{{Account: "x:harborlabs", At: when("2026-03-01T11:00:00Z"), To: "dreyes", Cases: []string{"northwind-v-harbor"}, Words: []string{"pricing"}, Likely: map[string]float64{"northwind-v-harbor": .73}}},
	}
)

func body(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "rows", name))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSuffix(data, []byte("\n"))
}

func rowOf(t *testing.T, p onrecord.Post, name string) postRow {
	return postRow{p.Account, p.ID, p.Revision, p.Thread, p.URL, body(t, name)}
}

func same(t *testing.T, name string, got, want any, err error) {
	t.Helper()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s is read as\n%+v, %v, want\n%+v", name, got, err, want)
	}
}

// Every version is read to the same value for good.
func TestEveryVersionIsRead(t *testing.T) {
	for _, v := range []string{".v0.json", ".v1.json"} {
		storedReasons, storedStatement := slices.Clone(storedReasons), storedStatement
		if v == ".v0.json" { // most of its time it knew no codes
			for i := range storedReasons {
				storedReasons[i].Code = ""
			}
		}
		storedStatement.Reasons = storedReasons
		p, err := rowOf(t, storedPost, "post"+v).post()
		same(t, "post"+v, p, storedPost, err)
		row := statementRow{
			id: 42, number: sql.NullInt64{Int64: 40, Valid: true}, released: true, caseID: "northwind-v-harbor", speaker: "Harbor Labs", lane: "record",
			account: "x:harborlabs", seen: storedStatement.Seen.UnixMilli(), body: body(t, "statement"+v),
		}
		if v != ".v0.json" {
			row.parts = []postRow{rowOf(t, storedPost, "post"+v), rowOf(t, secondPost, "second"+v)}
		}
		s, err := row.statement()
		same(t, "statement"+v, s, storedStatement, err)
		var d onrecord.Decision
		err = readDecision(body(t, "reasons"+v), &d)
		same(t, "reasons"+v, d, onrecord.Decision{Reasons: storedReasons}, err)
		profile, err := readProfile(body(t, "profile"+v))
		if v == ".v0.json" { // persons taught no weights then, and nobody kept the words of recent posts
			profile.Cases[0].Taught, profile.Recent[0].Words = storedProfile.Cases[0].Taught, storedProfile.Recent[0].Words
			profile.Recent[0].Likely = storedProfile.Recent[0].Likely
		}
		same(t, "profile"+v, profile, storedProfile, err)
	}
	var d onrecord.Decision
	err := readDecision(body(t, "decision.v1.json"), &d)
	same(t, "decision", d, storedDecision, err)
	s, err := statementRow{
		id: 42, number: sql.NullInt64{Int64: 40, Valid: true}, released: true, caseID: "northwind-v-harbor", speaker: "Harbor Labs", lane: "review",
		account: "x:harborlabs", seen: storedQuiet.Seen.UnixMilli(), body: body(t, "quiet.v1.json"), parts: []postRow{rowOf(t, secondPost, "second.v1.json")},
	}.statement()
	same(t, "quiet", s, storedQuiet, err)
	var sub bot.Subscription
	err = readSubscription(body(t, "subscription.v1.json"), &sub)
	same(t, "subscription", sub, storedSubscription, err)
	var made bot.MadeAccount
	err = readTracked(body(t, "tracked.v1.json"), &made)
	same(t, "tracked", made, storedTracked, err)
	bare := notifiers.Message{Body: storedMessage.Body}
	for name, want := range map[string]notifiers.Message{"message.v0.json": bare, "message.v1": storedMessage} {
		m, err := readMessage(body(t, name))
		same(t, name, m, want, err)
	}
}

// Whatever a notifier makes of a notice, it gets back: what tells the versions
// apart is no part of the message.
func TestMessagesAreReadAsTheyWere(t *testing.T) {
	for _, m := range []notifiers.Message{
		storedMessage,
		{Body: storedMessage.Body},
		{Body: storedMessage.Body, Files: storedMessage.Files},
		{Body: storedMessage.Body, More: true},
		{Body: []byte("\x1b[1ma card\n")},
		{Body: []byte{messageMark}},
		{Body: []byte("\xff{\"v\":1,\"body\":\"eA==\"}")},
		{Body: []byte{0, messageMark}, Files: []notifiers.File{{Name: "x", Type: "text/plain", Data: []byte{}}}},
	} {
		got, err := readMessage(bodyOfMessage(m))
		same(t, "message", got, m, err)
	}
	for _, wrong := range []string{"\xff", "\xff{}", "\xff{\"body\":\"eA==\"}", "\xff{\"v\":1}", "\xff{\"v\":1,\"body\":\"\"}", "\xff{\"v\":1,\"body\":\"eA==\"", "\xff{\"v\":2,\"body\":\"eA==\"}"} {
		if m, err := readMessage([]byte(wrong)); err == nil {
			t.Errorf("%q is read as %+v", wrong, m)
		}
	}
}

// What is written has the newest version and its form, byte for byte: another
// form is another version, with a file of its own.
func TestTheNewestVersionIsWritten(t *testing.T) {
	for name, write := range map[string]func() ([]byte, error){
		"post":      func() ([]byte, error) { return bodyOf(storedPost) },
		"second":    func() ([]byte, error) { return bodyOf(secondPost) },
		"statement": func() ([]byte, error) { return bodyOfStatement(storedStatement) },
		"reasons":   func() ([]byte, error) { return bodyOfDecision(onrecord.Decision{Reasons: storedReasons}) },
		"decision":  func() ([]byte, error) { return bodyOfDecision(storedDecision) },
		"quiet":     func() ([]byte, error) { return bodyOfStatement(storedQuiet) },
		"profile":   func() ([]byte, error) { return bodyOfProfile(storedProfile) },

		"tracked":      func() ([]byte, error) { return bodyOfTracked(storedTracked) },
		"subscription": func() ([]byte, error) { return bodyOfSubscription(storedSubscription) },
	} {
		got, err := write()
		if want := body(t, name+".v1.json"); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is written as\n%s, %v, want\n%s", name, got, err, want)
		}
	}
}

// A message has the newest version only where an older one cannot hold it.
func TestMessagesAreWritten(t *testing.T) {
	for name, m := range map[string]notifiers.Message{"message.v0.json": {Body: storedMessage.Body}, "message.v1": storedMessage} {
		if got, want := bodyOfMessage(m), body(t, name); !bytes.Equal(got, want) {
			t.Errorf("%s is written as\n%q, want\n%q", name, got, want)
		}
	}
}

// Every field of what is stored is in the example: one that is added is not
// forgotten in the rows.
func TestTheExampleIsWhole(t *testing.T) {
	for _, v := range []any{
		storedPost, *storedPost.ReplyTo, storedPost.Author, storedPost.Links[0], storedPost.Media[0], storedStatement, storedStatement.Mirrors[0], storedStatement.Summary, storedReasons[0],
		*storedDecision.Opinion,
		storedMessage, storedMessage.Files[0],
		storedProfile, storedProfile.Cases[0], storedProfile.Cases[0].Words[0], storedProfile.Cases[0].Taught[0], storedProfile.Terms[0], storedProfile.Recent[0],
	} {
		s := reflect.ValueOf(v)
		for i := range s.NumField() {
			if name := s.Type().Field(i).Name; s.Field(i).IsZero() && name != "Raw" && name != "Ping" && name != "Held" && name != "Corrections" && name != "Fates" && name != "Redacted" && name != "Where" && name != "Quiet" && (name != "Rewords" || s.Type() != reflect.TypeFor[onrecord.Statement]()) { // two are columns, two are rows of their own, the second reason has the third, another statement the others, and whom a message calls is decided anew each time
				t.Errorf("%s.%s has no value", s.Type(), name)
			}
		}
	}
}
