package config

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"onrecord/internal/schedule"
	"onrecord/sources"
)

var (
	dateType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	deletionType = reflect.TypeFor[sources.Deletion]()
)

// scalar reads one value. What it must be is decided by the setting, not by how
// it is written: quotes do not matter, so a variable can stand for a number and
// a channel's id of nineteen digits stays the text it is.
func (d *decoder) scalar(n *yaml.Node, into reflect.Value, path string) {
	key := path[strings.LastIndexByte(path, '.')+1:]
	secret := isSecret(key, into)
	if secret {
		d.hide(n)
	}
	if n.Kind != yaml.ScalarNode {
		d.misread(n, path, "must be a single value, not a list or a section")
		return
	}
	if n.Style&yaml.TaggedStyle != 0 {
		d.misread(n, path, "has a tag (%s), which is not read; write the value alone", n.Tag)
		return
	}
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0 && curly(n.Value) {
		d.misread(n, path, `stands in curly quotation marks, which are a part of it then; write straight ones ("), or none`)
		return
	}
	text, err := expand(n.Value, d.env)
	if err != nil && d.keyless && (secret || strings.HasPrefix(path, "channels[")) {
		d.unset[path] = true
		return
	}
	if err != nil {
		d.misread(n, path, "%v", err)
		return
	}
	text = strings.TrimSpace(text)
	if text == "" && strings.TrimSpace(n.Value) != "" {
		d.unset[path] = true
		return
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		d.misread(n, path, "must be one line of text without control characters")
		return
	}
	if err := set(into, text); err != nil {
		d.misread(n, path, "%v", err)
		return
	}
	d.filled[path] = strings.Contains(strings.ReplaceAll(n.Value, "$$", ""), "${")
	if secret && text != "" {
		d.secrets = append(d.secrets, text)
		if why := unfit(key, text); why != "" && !strings.HasPrefix(n.Value, "$$") {
			d.misread(n, path, "%s", why)
		}
	}
}

// set puts a text into a value of its type. Errors do not repeat the text: it
// can come from the environment.
func set(v reflect.Value, text string) error {
	switch {
	case v.Type() == dateType:
		at, err := date(text)
		v.Set(reflect.ValueOf(at))
		return err
	case v.Type() == durationType:
		d, err := schedule.ParseDuration(text)
		v.SetInt(int64(d))
		return err
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		yes, no := strings.EqualFold(text, "true"), strings.EqualFold(text, "false")
		if !yes && !no {
			return errors.New("must be true or false")
		}
		v.SetBool(yes)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return errors.New("must be a whole number")
		}
		v.SetInt(n)
	case reflect.Float64:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return errors.New("must be a number")
		}
		v.SetFloat(n)
	default:
		return fmt.Errorf("cannot be set in a file: the program has no way to read a %s", v.Type())
	}
	return nil
}

// date reads a day, or a moment with its zone.
func date(text string) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	return time.Time{}, errors.New("must be a day such as 2025-09-03")
}

// curly reports a value in the quotation marks that word processors make of straight ones.
func curly(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune("“”„‘’«", first) && strings.ContainsRune("“”‘’»", last)
}
