package discordtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"regexp"
	"slices"
)

// Request is what a bot or a webhook sends to show or to change a message.
type Request struct {
	Body
	JSON  []byte // the body as it came
	Files []File
}

// File is a file of a message.
type File struct {
	ID              string // given when the message was created or edited
	Name, Type, Alt string
	Data            []byte
}

// Attachment describes a file of the same request, by its number, or one that the
// message has.
type Attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename,omitempty"`
	Description string `json:"description,omitempty"`
}

const (
	maxFiles       = 10
	maxFilename    = 1024
	maxDescribed   = 1024
	jsonType       = "application/json"
	formType       = "multipart/form-data"
	payloadOfForms = "payload_json"
)

// CheckRequest reads the body of a request of a MIME type, which is JSON or a form
// with files, and says what Discord would refuse. An edit may name the files that
// the message has. Beyond [Check] it is stricter than Discord in one point: every
// file is described, under the name it comes with.
// https://discord.com/developers/docs/reference#uploading-files
func CheckRequest(kind string, raw []byte, has ...string) (r Request, found []Violation) {
	kind, params, err := mime.ParseMediaType(kind)
	fault := func(path, code, format string, args ...any) {
		found = append(found, Violation{Path: path, Code: code, Message: fmt.Sprintf(format, args...)})
	}
	files := map[string]File{} // by their numbers
	switch {
	case err == nil && kind == jsonType:
		r.JSON = raw
	case err == nil && kind == formType:
		r.JSON, files, found = form(params["boundary"], raw)
	default:
		fault("", "CONTENT_TYPE_INVALID", "Expected \"Content-Type\" header to be one of {%s, %s}.", jsonType, formType)
	}
	if len(found) > 0 {
		return r, found
	}
	r.Body, found = checkJSON(r.JSON)
	if n := len(r.Attachments); n > maxFiles {
		fault("attachments", "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length, and is %d.", maxFiles, n)
	}
	seen := map[string]bool{}
	for i, a := range r.Attachments {
		at := fmt.Sprintf("attachments.%d", i)
		f, comes := files[a.ID]
		switch {
		case seen[a.ID]:
			fault(at+".id", "ATTACHMENT_ID_DUPLICATE", "%s is described twice.", a.ID)
		case comes && (a.Filename != f.Name || units(a.Filename) > maxFilename):
			fault(at+".filename", "ATTACHMENT_FILENAME", "%q comes as %q.", a.Filename, f.Name)
		case !comes && !slices.Contains(has, a.ID):
			fault(at+".id", "ATTACHMENT_NOT_FOUND", "There is no file %q.", a.ID)
		}
		if units(a.Description) > maxDescribed {
			fault(at+".description", "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", maxDescribed)
		}
		seen[a.ID] = true
		if comes {
			f.Alt = a.Description
			r.Files = append(r.Files, f)
		}
	}
	for number := range files {
		if !seen[number] {
			fault("attachments", "ATTACHMENT_NOT_DESCRIBED", "files[%s] is not described.", number)
		}
	}
	return r, found
}

var fileField = regexp.MustCompile(`^files\[([0-9])\]$`)

// form reads the parts of a form.
func form(boundary string, raw []byte) (body []byte, files map[string]File, found []Violation) {
	fault := func(format string, args ...any) {
		found = append(found, Violation{Code: "FORM", Message: fmt.Sprintf(format, args...)})
	}
	files = map[string]File{}
	parts := multipart.NewReader(bytes.NewReader(raw), boundary)
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fault("the form is not one: %v", err)
			return nil, nil, found
		}
		data, err := io.ReadAll(part)
		kind, _, badType := mime.ParseMediaType(part.Header.Get("Content-Type"))
		disposition, named, badName := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		field := fileField.FindStringSubmatch(named["name"])
		switch {
		case err != nil || badType != nil || badName != nil || disposition != "form-data":
			fault("the part %q is not one: %v, %v, %v", named["name"], err, badType, badName)
		case named["name"] == payloadOfForms && (body != nil || kind != jsonType || named["filename"] != ""):
			fault("%s is one field of JSON", payloadOfForms)
		case named["name"] == payloadOfForms:
			body = data
		case field == nil || named["filename"] == "":
			fault("the part %q is no file", named["name"])
		case files[field[1]].Name != "":
			fault("%s comes twice", field[0])
		default:
			files[field[1]] = File{Name: named["filename"], Type: kind, Data: data}
		}
	}
	if body == nil {
		fault("%s is missing", payloadOfForms)
	}
	return body, files, found
}

// take puts the files of a request to those of the message that it keeps: all,
// unless it names some.
func (m *Message) take(r Request, newID func() string) {
	if r.Attachments != nil {
		m.Files = slices.DeleteFunc(slices.Clone(m.Files), func(f File) bool {
			return !slices.ContainsFunc(r.Attachments, func(a Attachment) bool { return a.ID == f.ID })
		})
	}
	for _, f := range r.Files {
		f.ID = newID()
		m.Files = append(m.Files, f)
	}
}

// fileIDs are those a message has.
func (m *Message) fileIDs() (ids []string) {
	for _, f := range m.Files {
		ids = append(ids, f.ID)
	}
	return ids
}
