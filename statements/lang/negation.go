package lang

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// negations turn a sentence into its opposite when they are left out: English,
// Spanish, Portuguese, French, Italian, German, Dutch, Polish, Russian,
// Ukrainian, Turkish, Indonesian, Hindi, Arabic, Hebrew and Korean words.
var negations = folded(`no not never none nor neither nothing nobody nowhere without cannot cant dont wont isnt wasnt didnt
	doesnt arent werent hasnt havent hadnt wouldnt shouldnt couldnt hardly barely scarcely unless except
	nunca jamás ni sin nada nadie ningún ninguno ninguna tampoco salvo
	não nao jamais nem sem nenhum nenhuma ninguém tampouco
	ne pas non rien aucun aucune personne sans ni guère nullement sauf
	né mai nessun nessuno nessuna senza niente nulla mica neppure neanche tranne
	nicht nichts nie niemals niemand nirgends ohne weder nein kein keine keinen keiner keinem keines kaum außer
	niet geen nooit niets niemand zonder nie nigdy nic bez żaden
	не нет ни никогда никто ничего никакой нельзя без кроме ні немає ніколи ніхто нічого крім
	değil yok hayır asla hiç olmadan tidak bukan tak jangan belum tanpa
	नहीं नही मत बिना कभी لا لم لن ليس ليست ما غير بدون دون לא אין בלי אינו אינה
	않는 않은 않다 않고 않았다 않습니다 없다 없는 없이 없습니다 아니다 아닌 아닙니다 안 못`)

// Chinese and Japanese set no spaces: a sign is enough. Thai writes one word.
var negativeSigns = []string{"不", "没", "沒", "未", "非", "無", "无", "勿", "别", "別", "莫", "ない", "なかっ", "なく", "なけれ", "ませ", "ぬ", "ずに", "ไม่", "มิ"}

// Negates reports whether a text holds a negation.
func Negates(text string) bool {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r != '\'' && !InWord(r) }) {
		if negative(Fold(strings.Trim(w, "'"))) {
			return true
		}
	}
	for _, s := range negativeSigns {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// negative reports whether a folded word is a negation.
func negative(w string) bool {
	return negations[w] || strings.HasSuffix(w, "n't") || strings.HasPrefix(w, "n'")
}

// CutsNegation reports whether byte i of a text without spaces lies between a
// negation and the word it is written together with.
func CutsNegation(text []byte, i int) bool {
	for _, s := range negativeSigns {
		first, _ := utf8.DecodeRuneInString(s)
		suffix := first >= 'ぁ' && first <= 'ゟ' // Japanese verbs carry it at their end
		if suffix && bytes.HasPrefix(text[i:], []byte(s)) || !suffix && bytes.HasSuffix(text[:i], []byte(s)) {
			return true
		}
	}
	return false
}
