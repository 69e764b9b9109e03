package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// openai speaks chat completions (https://platform.openai.com/docs/api-reference/chat),
// which many endpoints offer, local ones included. Not all enforce the form
// they accept, so the answer is checked in any case.
type openai struct{ Config }

func (o openai) path() string { return "/chat/completions" }

func (o openai) sign(h http.Header) {
	if o.Key != "" {
		h.Set("Authorization", "Bearer "+o.Key)
	}
}

func (o openai) body(r request) object {
	b := object{
		"model": o.Model, "max_completion_tokens": mostTokens,
		"messages": []object{{"role": "system", "content": r.system}, {"role": "user", "content": r.prompt}},
		"response_format": object{"type": "json_schema", "json_schema": object{
			"name": toolName, "strict": true, "schema": r.schema,
		}},
	}
	if !r.warm {
		b["temperature"] = 0
	}
	return b
}

func (o openai) read(body []byte) (reply, error) {
	var said struct {
		Choices []struct {
			Message struct {
				Content string `json:"content"`
				Refusal string `json:"refusal"`
			} `json:"message"`
			FinishReason string `json:"finish_reason"`
		} `json:"choices"`
		Usage struct {
			In  int64 `json:"prompt_tokens"`
			Out int64 `json:"completion_tokens"`
		} `json:"usage"`
	}
	if err := json.Unmarshal(body, &said); err != nil || len(said.Choices) == 0 {
		return reply{}, errors.New("the answer is not what chat completions give; look at summary.base_url")
	}
	r := reply{in: said.Usage.In, out: said.Usage.Out}
	c := said.Choices[0]
	switch {
	case c.Message.Refusal != "" || c.FinishReason == "content_filter":
		return r, errRefused
	case c.FinishReason == "length":
		return r, errCut
	}
	r.object = []byte(c.Message.Content)
	return r, nil
}

func (o openai) probe() string { return "/models" }

// lists reports whether the model is among those the key may use.
func (o openai) lists(body []byte) error {
	var said struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return errors.New("the list of models cannot be read; look at summary.base_url")
	}
	ids := []string{}
	for _, m := range said.Data {
		ids = append(ids, m.ID)
	}
	// Ollama lists what is used without a tag under the tag "latest".
	if !slices.Contains(ids, o.Model) && !slices.Contains(ids, o.Model+":latest") {
		return fmt.Errorf("the model %q is not among the %d that may be used here; look at summary.model", o.Model, len(ids))
	}
	return nil
}
