package novelty

import (
	"slices"
	"sync"
)

// Memory keeps what the texts on the record were measured as, so that each is measured once
// and not for each post that is compared with it. It changes no answer. The zero
// Memory holds nothing.
type Memory struct {
	mu    sync.Mutex
	texts map[string]*measured
	size  int // bytes, about

	// The texts that were compared last, the newest last: it is often the next on the
	// record, and what comes then is mostly like them.
	last []*measured
}

// memoryLimit bounds it: some ten thousand statements of the usual length, or five
// hundred articles.
const memoryLimit = 64 << 20

// lastTexts is of how many texts the words are kept, and lastLimit how much a text may take
// for that.
const lastTexts, lastLimit = mostLaid, 1 << 20

// Compare is [Compare], with what is remembered.
func (m *Memory) Compare(text string, posts []string, record []Earlier) Comparison {
	m.mu.Lock()
	defer m.mu.Unlock()
	told := make([]known, len(record))
	for i, e := range record {
		told[i] = known{e, m.measured(e.Text)}
	}
	a := read(text)
	v, made := compare(a, posts, told)
	m.keep(a, made)
	m.forget()
	return v
}

func (m *Memory) measured(text string) *measured {
	s, known := m.texts[text]
	if !known {
		if i := slices.IndexFunc(m.last, func(l *measured) bool { return l.kept.text == text }); i >= 0 {
			s = m.last[i]
		} else {
			s = measure(read(text))
		}
		if m.texts == nil {
			m.texts = map[string]*measured{}
		}
		m.texts[text] = s
		m.size += len(text) + s.size()
	}
	return s
}

// keep remembers the words of a text that was compared.
func (m *Memory) keep(a doc, made *measured) {
	if made == nil || made.size() > lastLimit {
		return
	}
	made.kept = &a
	if m.last = append(m.last, made); len(m.last) > lastTexts {
		m.last[0].kept = nil
		m.last = slices.Delete(m.last, 0, 1)
	}
}

// forget keeps the memory small. Whatever goes is as good as anything else: all of
// a record is asked for each time, and what was asked for last would be gone when
// its turn comes again.
func (m *Memory) forget() {
	if m.size <= memoryLimit {
		return
	}
	m.size = 0
	for text, s := range m.texts {
		if m.size > memoryLimit*3/4 {
			delete(m.texts, text)
			continue
		}
		m.size += len(text) + s.size()
	}
}

// known is a statement as texts are compared with it.
type known struct {
	Earlier
	*measured
}

func (k known) doc() doc {
	if d := k.kept; d != nil {
		return *d
	}
	return read(k.Text)
}
