package mastodon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"onrecord"
	"onrecord/sources"
)

// Posts looks statuses up by their ids, each at the server whose id it is.
func (s *source) Posts(ctx context.Context, ids []string) (found map[string]onrecord.Post, gone []string, err error) {
	found = map[string]onrecord.Post{}
	for _, name := range ids {
		host, id, ok := strings.Cut(name, "/")
		if !ok || id == "" || strings.Contains(id, "/") || !hostPattern.MatchString(host) {
			continue
		}
		st, failed := s.at(host).status(ctx, id)
		switch told, _ := errorOf(failed); {
		case told != nil && told.Trouble == sources.Gone, failed == nil && !st.everybodys():
			gone = append(gone, name)
		case failed != nil:
			err = errors.Join(err, failed) // other servers may answer
		default:
			found[name] = st.post(s.at(host), onrecord.Account{}, time.Now())
		}
	}
	if told, ok := errorOf(err); ok { // what it says of waiting is of one server
		err = &sources.Error{Trouble: told.Trouble, Err: err}
	}
	return found, gone, err
}

func (s server) status(ctx context.Context, id string) (*status, error) {
	var raw json.RawMessage
	if err := s.get(ctx, "/api/v1/statuses/"+url.PathEscape(id), nil, &raw); err != nil {
		return nil, err
	}
	st, err := readStatus(raw, "")
	if err == nil && st.ID != id {
		err = errors.New("another post came")
	}
	if err != nil {
		return nil, sources.NonsenseError("read the post %s of %s: %w", id, s.host(), err)
	}
	st.raw = bytes.Clone(st.raw)
	return st, nil
}

func errorOf(err error) (*sources.Error, bool) { return errors.AsType[*sources.Error](err) }
