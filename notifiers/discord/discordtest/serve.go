package discordtest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"
)

// reply is an answer before it is written.
type reply struct {
	status int
	header http.Header
	body   []byte
	cut    bool // the connection ends after the body
}

func answer(body []byte) reply {
	return reply{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}, body: body}
}

func object(v any) reply {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // unreachable: only maps and lists of plain values come here
	}
	return answer(data)
}

// problem is an error as Discord tells it.
func problem(status, code int, message string) reply {
	rep := object(map[string]any{"message": message, "code": code})
	rep.status = status
	return rep
}

// limited is the answer to who asked too often.
func limited(retry float64, global bool, h http.Header) reply {
	rep := object(map[string]any{"message": "You are being rate limited.", "retry_after": retry, "global": global})
	rep.status, rep.header = http.StatusTooManyRequests, h
	rep.header.Set("Content-Type", "application/json")
	return rep
}

// page is an answer for people.
func page(status int, text string) reply {
	return reply{status: status, header: http.Header{"Content-Type": {"text/html"}}, body: []byte("<!DOCTYPE html><html><body>" + text + "</body></html>")}
}

// invalid tells what is wrong with a body, nested as Discord nests it.
func invalid(found []Violation) reply {
	errors := map[string]any{}
	for _, v := range found {
		at := errors
		for step := range strings.SplitSeq(v.Path, ".") {
			if step == "" {
				continue
			}
			next, ok := at[step].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[step] = next
			}
			at = next
		}
		list, _ := at["_errors"].([]any)
		at["_errors"] = append(list, map[string]any{"code": v.Code, "message": v.Message})
	}
	rep := object(map[string]any{"code": 50035, "message": "Invalid Form Body", "errors": errors})
	rep.status = http.StatusBadRequest
	return rep
}

// ServeHTTP answers as Discord does.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.URL.Path == gatewayPath && s.socket != nil {
		s.socket(w, req)
		return
	}
	req = req.Clone(req.Context())
	_, req.URL.Path, _ = strings.Cut(req.URL.Path, "/api")
	for _, version := range []string{"/v9", "/v10"} {
		req.URL.Path = strings.TrimPrefix(req.URL.Path, version)
	}
	_, pattern := s.mux.Handler(req)
	_, route, _ := strings.Cut(pattern, " ")

	s.mu.Lock()
	s.requests[req.Method+" "+route]++
	fault, faulty := s.pick(req.Method, route)
	s.mu.Unlock()
	if faulty && fault.Fault == CutBeforeReading {
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, maxBytes+1))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if faulty {
		if rep, ok := fault.before(); ok {
			s.write(w, rep)
			return
		}
	}
	rep := s.do(req, body)
	if faulty {
		rep = fault.after(req, rep)
	}
	s.write(w, rep)
}

// write sends an answer and counts refusals, which lead to a ban.
func (s *Server) write(w http.ResponseWriter, rep reply) {
	s.mu.Lock()
	if st := rep.status; st == http.StatusUnauthorized || st == http.StatusForbidden || st == http.StatusTooManyRequests && rep.header.Get("X-RateLimit-Scope") != "shared" {
		s.refused++
	}
	s.mu.Unlock()
	maps.Copy(w.Header(), rep.header)
	w.WriteHeader(rep.status)
	_, _ = w.Write(rep.body) // a client that has gone is its own fault
	if rep.cut {
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		panic(http.ErrAbortHandler)
	}
}

// call is a request to a handler, which has the server to itself.
type call struct {
	*http.Request
	body []byte
}

type handler func(s *Server, c call) reply

// ServeHTTP keeps the handlers in the mux; [Server.do] calls them.
func (handler) ServeHTTP(http.ResponseWriter, *http.Request) {}

// do checks who asks, and does what is asked.
func (s *Server) do(req *http.Request, body []byte) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ban > 0 && s.refused >= s.ban {
		return page(http.StatusTooManyRequests, "error code: 1015")
	}
	h, pattern := s.mux.Handler(req)
	do, ok := h.(handler)
	if !ok {
		return problem(http.StatusNotFound, 0, "404: Not Found")
	}
	s.mux.ServeHTTP(nobody{}, req) // fills in the path's values
	if !strings.Contains(pattern, "/webhooks/") && !strings.Contains(pattern, "/interactions/") {
		if req.Header.Get("Authorization") != "Bot "+s.token {
			return problem(http.StatusUnauthorized, 0, "401: Unauthorized")
		}
		if !strings.HasPrefix(req.Header.Get("User-Agent"), "DiscordBot (http") {
			return problem(http.StatusForbidden, 40333, "internal network error")
		}
	}
	return do(s, call{req, body})
}

// nobody is a writer that is never written to.
type nobody struct{ http.ResponseWriter }

// limit is how many messages a channel takes in a time.
type limit struct {
	messages int
	per      time.Duration
}

// SetLimit limits the messages created in each channel, such as 5 in 2 s; 0 is
// no limit.
func (s *Server) SetLimit(messages int, per time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit = limit{messages, per}
}

// SetBan shows a page of Cloudflare's to everybody once so many requests were
// refused; 0 is never.
func (s *Server) SetBan(refused int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ban, s.refused = refused, 0
}

// spend uses up one message of a channel's limit. The headers are for the
// answer, which is the returned one when nothing is left.
func (s *Server) spend(c *room) (http.Header, *reply) {
	h := http.Header{"Content-Type": {"application/json"}}
	if s.limit.messages == 0 {
		return h, nil
	}
	now := time.Now()
	if !now.Before(c.reset) {
		c.used, c.reset = 0, now.Add(s.limit.per)
	}
	left := s.limit.messages - c.used - 1
	wait := c.reset.Sub(now).Seconds()
	h.Set("X-RateLimit-Bucket", "create-message")
	h.Set("X-RateLimit-Limit", fmt.Sprint(s.limit.messages))
	h.Set("X-RateLimit-Remaining", fmt.Sprint(max(left, 0)))
	h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(c.reset.UnixMilli())/1000))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", wait))
	if left < 0 {
		h.Set("Retry-After", fmt.Sprint(int(wait)+1))
		h.Set("X-RateLimit-Scope", "user")
		rep := limited(wait, false, h)
		return h, &rep
	}
	c.used++
	return h, nil
}
