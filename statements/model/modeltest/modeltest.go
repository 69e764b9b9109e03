// Package modeltest stands in for the services package model asks: Anthropic's
// Messages and OpenAI's chat completions. It refuses requests the services
// would refuse, counts tokens and bills them, and has faults that can be
// switched on: of the service, and of the model behind it.
package modeltest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Key is the key the services take; Model is the model they have.
const (
	Key   = "sk-test-0123456789abcdef"
	Model = "claude-haiku-4-5"
)

// Fault is something that goes wrong.
type Fault string

// Faults of the service, then of the model.
const (
	Slow          Fault = "slow"            // answers after [Server.Delay], or never
	Limited       Fault = "429"             // with Retry-After: 120
	Failing       Fault = "500"             //
	Cut           Fault = "cut"             // the connection ends without an answer
	Broken        Fault = "broken"          // a page of HTML with 200
	Redirects     Fault = "redirects"       // to another host
	Cold          Fault = "no temperature"  // refuses a request that has one
	Truncated     Fault = "truncated"       // the answer ends at its limit of tokens
	HalfJSON      Fault = "half JSON"       // as above, but the service does not say so
	WrongForm     Fault = "wrong form"      // one field too many
	WrongWord     Fault = "wrong word"      // outside of an enum
	Refusing      Fault = "refusing"        //
	InventedQuote Fault = "invented quote"  //
	AlteredQuote  Fault = "altered quote"   // one word of a true one
	OthersQuote   Fault = "others' quote"   // words of what the post answers
	OutletsQuote  Fault = "outlet's quote"  // words of the article around those of the speaker
	OutletsWords  Fault = "outlet's words"  // the same in the summary, in quotation marks
	InventedFact  Fault = "invented number" // in the summary
	InventedName  Fault = "invented name"   // in the summary
	Obeying       Fault = "obeying"         // does what the post says: yes, with mention and link
	ObeyingSoftly Fault = "obeying softly"  // says yes, with nothing else wrong
	AlwaysYes     Fault = "always yes"      // to every question about a case, with high confidence
	AlwaysNo      Fault = "always no"       // likewise
	UnknownBlock  Fault = "unknown block"   // names one that was not shown
)

// Answer is what the model says.
type Answer = map[string]any

// Kind is what a question asks for.
type Kind string

// The kinds of questions, told apart by the fields their answers have.
const (
	Write  Kind = "write"  // what a card says
	Judge  Kind = "judge"  // is a post on the case
	Screen Kind = "screen" // which of several posts could be
	Voices Kind = "voices" // whose words an article quotes
)

// Asked is a question as the model reads it.
type Asked struct {
	Kind
	System, Prompt string
	Blocks         map[string]string // by id, as they were before they were marked
	Fences         []string          // the word and the mark
	Language       string            // of the summary; "" the post's own
	Retry          bool              // the last answer was refused
}

// Server is both services. Serve it at a URL: that is Anthropic's base URL, and
// OpenAI's with /v1 behind it.
type Server struct {
	// Delay is how long Slow waits; zero waits until the client goes.
	Delay time.Duration
	// Think answers a question; nil is [Honest].
	Think func(Asked) Answer

	mu       sync.Mutex
	faults   map[Fault]int
	fired    map[Fault]int
	asked    []Asked
	refusals []string
	in, out  int64
	bodies   []string
}

// New returns services without faults.
func New() *Server { return &Server{faults: map[Fault]int{}, fired: map[Fault]int{}} }

// Break switches a fault on for the next n requests, or with a negative n for all.
func (s *Server) Break(f Fault, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[f] = n
}

// Fired tells how often a fault has happened.
func (s *Server) Fired(f Fault) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fired[f]
}

// Asked returns the questions that were answered, in any way: of a kind, or all.
func (s *Server) Asked(kinds ...Kind) []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.asked), func(a Asked) bool { return len(kinds) > 0 && !slices.Contains(kinds, a.Kind) })
}

// Refusals are the faults of requests: what the services would not have taken.
func (s *Server) Refusals() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.refusals)
}

// Billed are the tokens of all answers.
func (s *Server) Billed() (in, out int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.in, s.out
}

// Bodies are the requests as they came.
func (s *Server) Bodies() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bodies)
}

func (s *Server) fires(f Fault) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults[f] == 0 {
		return false
	}
	s.faults[f]--
	s.fired[f]++
	return true
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return // the client has gone
	}
	s.mu.Lock()
	s.bodies = append(s.bodies, string(body))
	s.mu.Unlock()
	switch {
	case s.fires(Slow):
		var after <-chan time.Time
		if s.Delay > 0 {
			after = time.After(s.Delay)
		}
		select {
		case <-after:
		case <-r.Context().Done():
			return
		}
	case s.fires(Limited):
		w.Header().Set("Retry-After", "120")
		s.refuse(w, http.StatusTooManyRequests, "rate_limit_error", "slow down, "+Key)
		return
	case s.fires(Failing):
		s.refuse(w, http.StatusInternalServerError, "api_error", "overloaded")
		return
	case s.fires(Cut):
		panic(http.ErrAbortHandler)
	case s.fires(Broken):
		fmt.Fprint(w, "<html>welcome to the café's network</html>")
		return
	case s.fires(Redirects):
		http.Redirect(w, r, "http://elsewhere.example/v1/messages", http.StatusTemporaryRedirect)
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "POST /v1/messages":
		s.messages(w, r, body)
	case "POST /v1/chat/completions":
		s.completions(w, r, body)
	case "GET /v1/models/" + Model:
		if s.anthropicKey(w, r) {
			answer(w, Answer{"type": "model", "id": Model})
		}
	case "GET /v1/models":
		if s.openaiKey(w, r) {
			answer(w, Answer{"object": "list", "data": []Answer{{"id": "another"}, {"id": Model}}})
		}
	default:
		s.refuse(w, http.StatusNotFound, "not_found_error", r.URL.Path)
	}
}

func (s *Server) refuse(w http.ResponseWriter, code int, kind, message string) {
	w.WriteHeader(code)
	answer(w, Answer{"type": "error", "error": Answer{"type": kind, "message": message}})
}

// wrong notes a request that no service would take.
func (s *Server) wrong(w http.ResponseWriter, message string) {
	s.mu.Lock()
	s.refusals = append(s.refusals, message)
	s.mu.Unlock()
	s.refuse(w, http.StatusBadRequest, "invalid_request_error", message)
}

func answer(w io.Writer, v any) { _ = json.NewEncoder(w).Encode(v) } // fails only when the client has gone

func (s *Server) anthropicKey(w http.ResponseWriter, r *http.Request) bool {
	switch {
	case r.Header.Get("Anthropic-Version") != "2023-06-01":
		s.wrong(w, "anthropic-version: header is required")
	case r.Header.Get("X-Api-Key") != Key:
		s.refuse(w, http.StatusUnauthorized, "authentication_error", "invalid x-api-key "+r.Header.Get("X-Api-Key"))
	default:
		return true
	}
	return false
}

func (s *Server) openaiKey(w http.ResponseWriter, r *http.Request) bool {
	if h := r.Header.Get("Authorization"); h != "Bearer "+Key {
		s.refuse(w, http.StatusUnauthorized, "invalid_request_error", "Incorrect API key provided: "+h)
		return false
	}
	return true
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

func (s *Server) messages(w http.ResponseWriter, r *http.Request, body []byte) {
	if !s.anthropicKey(w, r) {
		return
	}
	var q struct {
		Model       string    `json:"model"`
		MaxTokens   int       `json:"max_tokens"`
		Temperature *float64  `json:"temperature"`
		System      string    `json:"system"`
		Messages    []message `json:"messages"`
		Tools       []struct {
			Name        string `json:"name"`
			Description string `json:"description"`
			InputSchema Answer `json:"input_schema"`
		} `json:"tools"`
		ToolChoice struct {
			Type     string `json:"type"`
			Name     string `json:"name"`
			Parallel bool   `json:"disable_parallel_tool_use"`
		} `json:"tool_choice"`
	}
	switch err := strict(body, &q); {
	case err != nil:
		s.wrong(w, err.Error())
	case len(q.Tools) != 1 || q.ToolChoice.Type != "tool" || q.ToolChoice.Name != q.Tools[0].Name:
		s.wrong(w, "one tool, and it must be called")
	case len(q.Messages) != 1 || q.Messages[0].Role != "user":
		s.wrong(w, "one message of the user")
	case !s.takes(w, q.Model, q.MaxTokens, q.Temperature, q.Tools[0].InputSchema):
	default:
		object, stop := s.think(q.Tools[0].InputSchema, q.System, q.Messages[0].Content)
		in, out := s.bill(body, object)
		usage := Answer{"input_tokens": in, "output_tokens": out}
		content := []Answer{{"type": "text", "text": "Here it is."}, {"type": "tool_use", "id": "toolu_1", "name": q.Tools[0].Name, "input": json.RawMessage(object)}}
		switch {
		case stop == "refusal":
			content = []Answer{}
		case !json.Valid(object): // this service always sends an object: what was left out is missing in it
			content[1]["input"] = json.RawMessage(`{"on_case":"yes"}`)
		}
		answer(w, Answer{"id": "msg_1", "type": "message", "role": "assistant", "content": content, "stop_reason": cmp.Or(stop, "tool_use"), "usage": usage})
	}
}

func (s *Server) completions(w http.ResponseWriter, r *http.Request, body []byte) {
	if !s.openaiKey(w, r) {
		return
	}
	var q struct {
		Model       string    `json:"model"`
		MaxTokens   int       `json:"max_completion_tokens"`
		Temperature *float64  `json:"temperature"`
		Messages    []message `json:"messages"`
		Format      struct {
			Type   string `json:"type"`
			Schema struct {
				Name   string `json:"name"`
				Strict bool   `json:"strict"`
				Schema Answer `json:"schema"`
			} `json:"json_schema"`
		} `json:"response_format"`
	}
	switch err := strict(body, &q); {
	case err != nil:
		s.wrong(w, err.Error())
	case q.Format.Type != "json_schema" || !q.Format.Schema.Strict || q.Format.Schema.Name == "":
		s.wrong(w, "response_format is no strict json_schema")
	case len(q.Messages) != 2 || q.Messages[0].Role != "system" || q.Messages[1].Role != "user":
		s.wrong(w, "a system message and one of the user")
	case !s.takes(w, q.Model, q.MaxTokens, q.Temperature, q.Format.Schema.Schema):
	default:
		object, stop := s.think(q.Format.Schema.Schema, q.Messages[0].Content, q.Messages[1].Content)
		in, out := s.bill(body, object)
		told := Answer{"role": "assistant", "content": string(object), "refusal": nil}
		finish := "stop"
		switch stop {
		case "refusal":
			told["content"], told["refusal"] = nil, "I cannot help with that."
		case "max_tokens":
			finish = "length"
		}
		answer(w, Answer{
			"id": "chatcmpl-1", "object": "chat.completion", "choices": []Answer{{"index": 0, "message": told, "finish_reason": finish}},
			"usage": Answer{"prompt_tokens": in, "completion_tokens": out},
		})
	}
}

// strict decodes a request and refuses fields nobody knows.
func strict(body []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// takes checks what both services check.
func (s *Server) takes(w http.ResponseWriter, model string, most int, temperature *float64, schema Answer) bool {
	switch {
	case model != Model:
		s.refuse(w, http.StatusNotFound, "not_found_error", "model: "+model)
	case temperature != nil && s.fires(Cold):
		s.refuse(w, http.StatusBadRequest, "invalid_request_error", "`temperature` is deprecated for this model.")
	case temperature != nil && *temperature != 0:
		s.wrong(w, "temperature is not 0")
	case most < 1:
		s.wrong(w, "no limit of tokens")
	default:
		if err := closed(schema, "schema"); err != nil {
			s.wrong(w, err.Error())
			return false
		}
		return true
	}
	return false
}

// closed checks what a strict schema must be: every object names all of its
// fields as required and allows no other, and every list says what it holds.
func closed(schema Answer, at string) error {
	switch schema["type"] {
	case "object":
		properties, _ := schema["properties"].(Answer)
		required, _ := schema["required"].([]any)
		if schema["additionalProperties"] != false || len(required) != len(properties) || len(properties) == 0 {
			return fmt.Errorf("%s is not closed", at)
		}
		for _, name := range required {
			p, ok := properties[fmt.Sprint(name)].(Answer)
			if !ok {
				return fmt.Errorf("%s.%v is required and not described", at, name)
			}
			if err := closed(p, fmt.Sprint(at, ".", name)); err != nil {
				return err
			}
		}
	case "array":
		items, _ := schema["items"].(Answer)
		return closed(items, at+"[]")
	case "string", "boolean":
		if e, ok := schema["enum"]; ok && len(e.([]any)) == 0 {
			return fmt.Errorf("%s has an empty enum", at)
		}
	default:
		return fmt.Errorf("%s has no type that is known", at)
	}
	return nil
}

// bill counts four bytes as a token, as services nearly do.
func (s *Server) bill(question, said []byte) (in, out int64) {
	in, out = int64(len(question)/4), int64(len(said)/4)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.in, s.out = s.in+in, s.out+out
	return in, out
}
