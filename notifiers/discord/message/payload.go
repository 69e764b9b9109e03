package message

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"onrecord/notifiers"
)

// Payload is the body of a request to Discord.
type Payload struct {
	Type  string // its MIME type
	Bytes []byte
}

// attachment describes a file of the same request, whose number is its id.
type attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// answering makes a message an answer to another, and a message all the same where that
// one is gone.
// https://discord.com/developers/docs/resources/message#message-reference-structure
type answering struct {
	Type            int    `json:"type"` // 0: it answers
	MessageID       string `json:"message_id"`
	FailIfNotExists bool   `json:"fail_if_not_exists"`
}

// PayloadOf is what is sent for a stored message, with a nonce unless that is "", and in
// answer to another message unless that is "".
// An edit that has files puts them in the place of those that are there; one
// that has none leaves them.
// https://discord.com/developers/docs/reference#uploading-files
func PayloadOf(m notifiers.Message, nonce, answered string) (p Payload, err error) {
	p = Payload{"application/json", m.Body}
	added, err := called(m.Body, m.Ping)
	if err != nil {
		return p, err
	}
	if nonce != "" {
		added["nonce"], added["enforce_nonce"] = nonce, true
	}
	if answered != "" {
		added["message_reference"] = answering{MessageID: answered}
	}
	if len(m.Files) > 0 {
		if added["attachments"], err = attachments(m.Files); err != nil {
			return p, err
		}
	}
	if p.Bytes, err = with(m.Body, added); err != nil {
		return p, err
	}
	if len(m.Files) > 0 {
		if p, err = form(p, m.Files); err != nil {
			return p, err
		}
	}
	if len(p.Bytes) > MaxBytes {
		return p, fmt.Errorf("the stored message is larger than %d MiB", MaxBytes>>20)
	}
	return p, nil
}

// with adds fields to an object. The values of the others stay as they are, with
// what this version of the program does not know: all attempts must say the same.
func with(body []byte, added map[string]any) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || len(fields) == 0 {
		return nil, errors.New("the stored message is not a JSON object")
	}
	if _, two := fields[other]; len(added) == 0 && !two {
		return body, nil
	}
	delete(fields, other)
	for name, v := range added {
		value, err := encode(v)
		if err != nil {
			return nil, err
		}
		fields[name] = value
	}
	return encode(fields)
}

func attachments(files []notifiers.File) (list []attachment, err error) {
	if len(files) > maxFiles {
		return nil, fmt.Errorf("the stored message has %d files, more than %d", len(files), maxFiles)
	}
	for i, f := range files {
		length := func(s string) int { return len(utf16.Encode([]rune(s))) }
		if f.Name == "" || length(f.Name) > maxFileName || strings.ContainsFunc(f.Name, func(r rune) bool { return r == '/' || r == '\\' || unicode.IsControl(r) }) {
			return nil, fmt.Errorf("%q is no name of a file", f.Name)
		}
		if length(f.Alt) > maxFileAlt {
			return nil, fmt.Errorf("the description of the file %q is longer than %d characters", f.Name, maxFileAlt)
		}
		list = append(list, attachment{strconv.Itoa(i), f.Name, f.Alt})
	}
	return list, nil
}

// form puts files beside a payload.
func form(p Payload, files []notifiers.File) (Payload, error) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	part := func(disposition, kind string, data []byte) error {
		to, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {kind}})
		if err == nil {
			_, err = to.Write(data)
		}
		return err
	}
	if err := part(`form-data; name="payload_json"`, p.Type, p.Bytes); err != nil {
		return p, err
	}
	for i, f := range files {
		kind, params, err := mime.ParseMediaType(f.Type)
		if err != nil {
			return p, fmt.Errorf("%q of the file %q is no MIME type: %w", f.Type, f.Name, err)
		}
		if err := part(multipart.FileContentDisposition(fmt.Sprintf("files[%d]", i), f.Name), mime.FormatMediaType(kind, params), f.Data); err != nil {
			return p, err
		}
	}
	err := w.Close()
	return Payload{w.FormDataContentType(), out.Bytes()}, err
}
