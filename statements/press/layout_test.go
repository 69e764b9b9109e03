package press_test

import "testing"

// TestLayouts: speech that is laid out as such needs no marks, and what is laid out in
// the same way and is none is nobody's.
func TestLayouts(t *testing.T) {
	t.Parallel()
	for frame, want := range map[string]string{
		// Block quotations and embedded posts.
		"Reyes said in a statement:\n\n> Q": "Dana Reyes", "Dana Reyes wrote on X:\n\n> Q\n>\n> — Dana Reyes (@danareyes) May 4, 2026": "Dana Reyes",
		"A post made the rounds.\n\n> Q\n>\n> — Dana Reyes (@danareyes) May 4, 2026": "Dana Reyes", "A post made the rounds.\n\n> Q\n\n— Dana Reyes": "Dana Reyes",
		"A post made the rounds.\n\n> Q\n\n> Dana Reyes (@danareyes)": "Dana Reyes", "Reyes answered:\n\n> Q\n>\n> — Erik Reyes (@erik) May 4, 2026": "",
		"A post made the rounds.\n\n> Q": "", "The complaint says:\n\n> Q": "", "Reyes quoted from the complaint:\n\n> Q": "", "According to the complaint, Reyes wrote:\n\n> Q": "",
		"In 2019 Reyes wrote:\n\n> Q": "", "Reyes dijo en un comunicado:\n\n> Q": "Dana Reyes", "Reyes erklärte:\n\nQ": "Dana Reyes", "レイエス氏はこう書いた：\n\n> Q\n\nダナ・レイエス": "Dana Reyes",
		// Interviews.
		"Did you copy it?\n\nDana Reyes: Q.\n\nWill you settle?\n\nReyes: No.": "Dana Reyes", "The Courier: Did you copy it?\n\nReyes: Q.": "Dana Reyes",
		"We met Dana Reyes.\n\nThe Courier: Did you?\n\nDR: Q.": "Dana Reyes", "We met Dana Reyes.\n\nCourier: Did you?\n\nD. R.: Q.": "Dana Reyes", "We met Dana Reyes.\n\nQ: Did you?\n\nA: Q.": "",
		"The Courier: Reyes wrote “Q”?\n\nReyes: No.": "", "The Courier: Did you?\n\nErik Reyes: Q.\n\nReyes: No.": "", "Plaintiff: Northwind Data\n\nDefendant: Dana Reyes": "",
		"Courier: Frau Reyes?\n\nDana Reyes (Harbor Labs): Q.": "Dana Reyes", "記者：盗みましたか？\n\nレイエス氏：Q。\n\nダナ・レイエス氏：いいえ。": "Dana Reyes", "记者：你们拿了吗？\n\n达娜·雷耶斯：Q。\n\n雷耶斯：没有。": "Dana Reyes",
		// Dashes.
		"— Q —dijo Dana Reyes.": "Dana Reyes", "—Q —respondió Reyes—. No.": "Dana Reyes", "– Q – powiedziała Reyes.": "Dana Reyes", "— Q, — сказала Дана Рейес.": "Dana Reyes",
		"— Q, répond Dana Reyes.": "Dana Reyes", "— Q —dijo el juez.": "", "— Q.": "", "— Q —dijo el abogado de Reyes.": "", "– Q – powiedział adwokat Reyes.": "", "Reyes waited — Q — and left.": "",
		// A nickname is none.
		"“Q,” said Ivo “Ike” Lind.": "Ivo Lind", "Ivo «Ike» Lind dijo: «Q».": "Ivo Lind", "„Q“, sagte Ivo „Ike“ Lind.": "Ivo Lind", "“Q,” said Erik “Ike” Lind.": "", "“Q,” said Ivo T. Lind.": "Ivo Lind", "“Q,” said Ivo 'Ike' Lind.": "Ivo Lind",
	} {
		if got := quotedAs(frame); got != want {
			t.Errorf("%q: given to %q, want %q", frame, got, want)
		}
	}
}
