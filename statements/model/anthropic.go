package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// anthropic speaks the Messages API (https://docs.anthropic.com/en/api/messages).
// The answer is the input of a tool the model is made to call, which every
// model takes; nothing is run.
type anthropic struct{ Config }

// anthropicVersion is the version of the API whose forms are below.
const anthropicVersion = "2023-06-01"

const toolName = "answer"

func (a anthropic) path() string { return "/v1/messages" }

func (a anthropic) sign(h http.Header) {
	h.Set("X-Api-Key", a.Key)
	h.Set("Anthropic-Version", anthropicVersion)
}

func (a anthropic) body(r request) object {
	b := object{
		"model": a.Model, "max_tokens": mostTokens, "system": r.system,
		"messages": []object{{"role": "user", "content": r.prompt}},
		"tools": []object{{
			"name": toolName, "description": "Takes your answer about the statement.", "input_schema": r.schema,
		}},
		"tool_choice": object{"type": "tool", "name": toolName, "disable_parallel_tool_use": true},
	}
	if !r.warm {
		b["temperature"] = 0
	}
	return b
}

func (a anthropic) read(body []byte) (reply, error) {
	var said struct {
		Content []struct {
			Type  string          `json:"type"`
			Name  string          `json:"name"`
			Input json.RawMessage `json:"input"`
		} `json:"content"`
		StopReason string `json:"stop_reason"`
		Usage      struct {
			In     int64 `json:"input_tokens"`
			Cached int64 `json:"cache_read_input_tokens"`
			Stored int64 `json:"cache_creation_input_tokens"`
			Out    int64 `json:"output_tokens"`
		} `json:"usage"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return reply{}, errors.New("the answer is not what the Messages API gives; look at summary.base_url")
	}
	r := reply{in: said.Usage.In + said.Usage.Cached + said.Usage.Stored, out: said.Usage.Out}
	switch said.StopReason {
	case "refusal":
		return r, errRefused
	case "max_tokens":
		return r, errCut
	}
	for _, c := range said.Content {
		if c.Type == "tool_use" && c.Name == toolName {
			r.object = c.Input
			return r, nil
		}
	}
	return r, fmt.Errorf("%w: the tool was not called", errForm)
}

func (a anthropic) probe() string { return "/v1/models/" + url.PathEscape(a.Model) }

// lists needs no look: an unknown model was answered with 404.
func (a anthropic) lists([]byte) error { return nil }
