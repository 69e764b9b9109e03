package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"onrecord"
)

// What a post may be at most, in bytes. What is read of it is read whole, so that
// the longest text must not hold up the next post; and ids are keys of the
// database, of which PostgreSQL takes 2,704 bytes in a row of an index.
const (
	mostText    = 256 << 10 // the transcript of a day in court is half of it
	mostContext = 64 << 10  // of what a post answers or quotes
	mostLine    = 4 << 10   // of a title, a warning, a name
	mostAddress = 8 << 10
	mostID      = 1 << 10
	mostLinks   = 500
	mostMedia   = 100
)

// bounded is a post of which nothing is longer than it may be. A longer text is
// cut, and says so; an address or an id that is cut would be another one.
func bounded(p onrecord.Post) onrecord.Post {
	p.ID, p.Revision, p.Thread = boundedID(p.ID), boundedID(p.Revision), boundedID(p.Thread)
	p.Cut = p.Cut || len(p.Text) > mostText
	p.Text, p.Title, p.Warning = upTo(mostText, p.Text), upTo(mostLine, p.Title), upTo(mostLine, p.Warning)
	p.URL, p.Lang = boundedAddress(p.URL), upTo(mostLine, p.Lang)
	p.Author = onrecord.Author{ID: boundedID(p.Author.ID), Handle: upTo(mostLine, p.Author.Handle), Name: upTo(mostLine, p.Author.Name)}
	p.ReplyTo, p.Quotes, p.Reposts = boundedRef(p.ReplyTo), boundedRef(p.Quotes), boundedRef(p.Reposts)
	var links []onrecord.Link
	for _, l := range p.Links[:min(len(p.Links), mostLinks)] {
		links = append(links, onrecord.Link{URL: boundedAddress(l.URL), Shown: upTo(mostLine, l.Shown), Title: upTo(mostLine, l.Title)})
	}
	var media []onrecord.Media
	for _, m := range p.Media[:min(len(p.Media), mostMedia)] {
		media = append(media, onrecord.Media{Kind: m.Kind, URL: boundedAddress(m.URL), Alt: upTo(mostLine, m.Alt)})
	}
	p.Links, p.Media = links, media
	return p
}

func boundedRef(r *onrecord.Ref) *onrecord.Ref {
	if r == nil {
		return nil
	}
	return &onrecord.Ref{ID: boundedID(r.ID), Account: upTo(mostLine, r.Account), URL: boundedAddress(r.URL), Text: upTo(mostContext, r.Text)}
}

// boundedID names what a longer id names: equal ids stay equal, and others others.
func boundedID(id string) string {
	if len(id) <= mostID {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return upTo(mostID/2, id) + "#" + hex.EncodeToString(sum[:])
}

func boundedAddress(address string) string {
	if len(address) > mostAddress {
		return ""
	}
	return address
}

// upTo is the beginning of a text, of at most so many bytes and whole characters.
// What is cut is no part of a longer text in memory.
func upTo(most int, text string) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return strings.Clone(text[:most])
}
