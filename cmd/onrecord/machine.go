package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"time"

	"onrecord/bot"
	"onrecord/internal/config"
)

// What commands print for programs. The forms are described in docs/operations.md.

// checked is what a check found.
type checked struct {
	File     string      `json:"file"`
	Mistakes []problem   `json:"mistakes"`
	Warnings []problem   `json:"warnings"`
	Tried    []probed    `json:"tried"`    // sources, channels and the model
	Accounts []bot.Trial `json:"accounts"` // read once, with --live
}

type problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
}

type probed struct {
	Name  string `json:"name"`
	State string `json:"state"` // ok, off, bad
	Error string `json:"error,omitempty"`
}

func problemsOf(list config.Problems) []problem {
	problems := []problem{}
	for _, p := range list {
		problems = append(problems, problem{p.File, p.Line, p.Column, p.Path, p.Message})
	}
	return problems
}

func triedPlace(what string, err error, off bool) probed {
	switch {
	case err == nil:
		return probed{Name: what, State: "ok"}
	case off:
		return probed{what, "off", err.Error()}
	}
	return probed{what, "bad", err.Error()}
}

// json prints what a check found as one object. What failed is an error all the same.
func (c checkCommand) json(t *terminal) error {
	quiet := *t
	quiet.out = io.Discard
	found := checked{File: c.Config, Mistakes: []problem{}, Warnings: []problem{}, Tried: []probed{}, Accounts: []bot.Trial{}}
	err := c.run(&quiet, &found)
	if mistakes, ok := errors.AsType[config.Problems](err); ok {
		found.Mistakes = problemsOf(mistakes)
	}
	return errors.Join(json.NewEncoder(t.out).Encode(found), err)
}

// askOwn asks the running program, whatever proxy the environment names.
func askOwn(ctx context.Context, listen, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+listen+path, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", listen, err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the program does not answer: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the program is not well: HTTP %d from %s: %w", resp.StatusCode, path, cmp.Or(err, errors.New("look at its log")))
	}
	return body, nil
}

// printHealth prints what /readyz says, a line each.
func printHealth(w io.Writer, ready []byte) {
	var h struct {
		Status         string
		Reasons, Notes []string
	}
	if err := json.Unmarshal(ready, &h); err != nil {
		fmt.Fprintf(w, "ok, but /readyz cannot be read: %v\n", err)
		return
	}
	fmt.Fprintln(w, h.Status)
	for _, line := range append(h.Reasons, h.Notes...) {
		fmt.Fprintf(w, "  %s\n", line)
	}
}

type versionCommand struct {
	JSON bool `help:"Print it as one JSON object."`
}

func (c versionCommand) Run(t *terminal) error {
	info, _ := debug.ReadBuildInfo()
	if c.JSON {
		return json.NewEncoder(t.out).Encode(map[string]string{"version": version, "go": info.GoVersion})
	}
	_, err := fmt.Fprintf(t.out, "onrecord %s %s\n", version, info.GoVersion)
	return err
}

// unsettledLine is a delivery that is not settled.
type unsettledLine struct {
	Subject  string    `json:"subject"`
	Channel  string    `json:"channel"`
	Kind     string    `json:"kind"`
	State    string    `json:"state"`
	Attempts int       `json:"attempts"`
	Owed     time.Time `json:"owed_since"`
	Next     time.Time `json:"next,omitzero"`
	Error    string    `json:"error,omitempty"`
}

// outboxLines are the JSON form of an outbox.
type outboxLines struct {
	Unsettled []unsettledLine `json:"unsettled"`
	Damaged   []string        `json:"damaged"`
}

func outboxOf(r bot.OutboxReport) outboxLines {
	o := outboxLines{Unsettled: []unsettledLine{}, Damaged: []string{}}
	for _, u := range r.Unsettled {
		o.Unsettled = append(o.Unsettled, unsettledLine{u.Subject, u.Channel, string(u.Kind), string(u.State), u.Attempts, u.Owed.UTC(), u.Next.UTC(), u.Error})
	}
	for _, d := range r.Damaged {
		o.Damaged = append(o.Damaged, damaged(d))
	}
	return o
}
