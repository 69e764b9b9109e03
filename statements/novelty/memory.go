package novelty

import "sync"

// Memory keeps what the texts on the record were measured as, so that each is measured once
// and not for each post that is compared with it. It changes no answer. The zero
// Memory holds nothing.
type Memory struct {
	mu    sync.Mutex
	texts map[string]*measured
	size  int // bytes, about

	last     string // the text that was compared last, which is often the next on the record
	lastMade *measured
}

// memoryLimit bounds it: some ten thousand statements of the usual length, or five
// hundred articles.
const memoryLimit = 64 << 20

// Compare is [Compare], with what is remembered.
func (m *Memory) Compare(text string, posts []string, record []Earlier) Comparison {
	m.mu.Lock()
	defer m.mu.Unlock()
	told := make([]known, len(record))
	for i, e := range record {
		told[i] = known{e, m.measured(e.Text)}
	}
	v, made := compare(read(text), posts, told)
	m.last, m.lastMade = text, made
	m.forget()
	return v
}

func (m *Memory) measured(text string) *measured {
	s, known := m.texts[text]
	if !known {
		if s = m.lastMade; s == nil || text != m.last {
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

func (k known) doc() doc { return read(k.Text) }
