package lang

// Script is a system of writing, as far as the program treats it in a way of its own.
type Script uint8

// The scripts that are told apart.
const (
	OtherScript Script = iota
	Latin
	Cyrillic
	Arabic
	Hebrew
	Devanagari
	Han
	Kana
	Hangul
	Indochinese // Thai, Lao, Khmer, Burmese
)

// ScriptOf is the script of a letter.
func ScriptOf(r rune) Script {
	switch {
	case r < 0x0250:
		return Latin
	case r >= 0x0400 && r < 0x0530:
		return Cyrillic
	case r >= 0x0590 && r < 0x0600:
		return Hebrew
	case r >= 0x0600 && r < 0x0780, r >= 0x08A0 && r < 0x0900, r >= 0xFB50 && r < 0xFE00, r >= 0xFE70 && r < 0xFF00:
		return Arabic
	case r >= 0x0900 && r < 0x0980:
		return Devanagari
	case r >= 0x0E00 && r < 0x0F00, r >= 0x1000 && r < 0x10A0, r >= 0x1780 && r < 0x1800:
		return Indochinese
	case r >= 0x1100 && r < 0x1200, r >= 0x3130 && r < 0x3190, r >= 0xAC00 && r < 0xD7B0:
		return Hangul
	case r >= 0x3000 && r < 0x3040 && !ideographic(r):
		return OtherScript
	case r >= 0x3040 && r < 0x3100, r >= 0x31F0 && r < 0x3200, r >= 0xFF66 && r < 0xFFA0:
		return Kana
	case r >= 0x2E80 && r < 0x3040, r >= 0x3400 && r < 0xA000, r >= 0xF900 && r < 0xFB00, r >= 0x20000 && r < 0x32000:
		return Han
	case r >= 0x1E00 && r < 0x1F00, r >= 0xFB00 && r < 0xFB07, r >= 0xFF21 && r < 0xFF5B, r >= 0x1D400 && r < 0x1D7CC:
		return Latin
	}
	return OtherScript
}

// Unspaced reports scripts that set no spaces between words.
func (s Script) Unspaced() bool { return s == Han || s == Kana || s == Indochinese }

// Glued reports scripts whose words are not set apart by spaces or, as in
// Korean, carry their particles: names are found in them letter by letter.
func (s Script) Glued() bool { return s.Unspaced() || s == Hangul }

// EastAsian reports the scripts of Chinese, Japanese and Korean.
func (s Script) EastAsian() bool { return s == Han || s == Kana || s == Hangul }

// ideographic reports what is a letter or a number among the signs that Chinese
// and Japanese share.
func ideographic(r rune) bool {
	return r >= 0x3005 && r <= 0x3007 || r >= 0x3021 && r <= 0x302F || r >= 0x3031 && r <= 0x3035 || r >= 0x3038 && r <= 0x303C
}
