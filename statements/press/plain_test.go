package press_test

import "testing"

// TestOnlyOne: a sentence that speaks of one of the case and of nobody else hands its
// quotation to that one, whatever the verb is.
func TestOnlyOne(t *testing.T) {
	t.Parallel()
	for _, frame := range []string{
		"Reyes, back in her office by noon, was not amused: “Q.”", "Reyes does not mince her words: “Q.”", "The reply of Reyes came by email: “Q.”",
		"Reyes said that the firm was “small and proud of it” and that it had “Q”.", "Dana Reyes, a painter, sued. “Q,” the painter said.",
		"Das ist von Reyes und nicht von der Bank. Reyes ist in der Stadt und nicht im Gericht. Sie finde, „Q“.", "„Q“ – mit diesen Worten reagierte Firmenchefin Dana Reyes auf die Klage und auf das Urteil.",
		"La peintre Dana Reyes est dans la salle et elle se lève. « Q », dit la peintre.", "Dana Reyes, au bout du fil, est en colère contre le tribunal et contre la loi : « Q »",
		"A Dana Reyes no le gusta el tono de la carta. Dana Reyes está en la sala. “Q”, suelta la ejecutiva.", "Dana Reyes non usa mezzi termini e non è la prima volta: «Q».",
		"Оксана ждёт. «Q», — рассказала глава компании Дана Рейес на встрече.",
	} {
		if got := quotedAs(frame); got != "Dana Reyes" {
			t.Errorf("%s: given to %q", frame, got)
		}
	}
	for _, frame := range []string{
		"Reyes lost her bid.\n\n“Q,” the kit man said.", "Reyes lost her bid. The kit man was there. “Q,” the kit man said.", "Reyes keeps a parrot. “Q,” the parrot’s owner said.",
		"Reyes walked past a banner: “Q.”", "On the wall behind Reyes: “Q.”", "Reyes looked at the screen: “Q.”", "Reyes, in a shirt with a slogan: “Q.”", "The notice outside Reyes’s office: “Q.”",
		"Reyes was told: “Q.”", "Reyes was greeted by a chant: “Q.”", "What people write to Reyes: “Q.”", "A note for Reyes from the bench: “Q.”", "The view of her neighbours on Reyes: “Q.”",
		"Reyes said the firm was “small and proud of it”, and Hale that it was “Q”.", "Reyes said the firm was “small”; the judge that it was “Q”.",
		"Dana Reyes, a painter, sued. Another painter came. “Q,” another painter said.", "Dana Reyes, the sister of a painter, sued. “Q,” the painter’s lawyer said.",
		"Reyes saß im Saal. „Q“, sagte der Richter.", "Reyes saß im Saal. „Q“, sagte der Wirt.", "Reyes saß im Saal.\n\n„Q“, sagte der Mann am Tresen.", "Auf dem Schild hinter Reyes steht nur ein Satz: „Q“",
		"Reyes était dans la salle. « Q », dit le gardien.", "Reyes était dans la salle. « Q », lit-on sur la banderole.", "On crie à Reyes depuis la rue : « Q »", "La question posée à Reyes : « Q »",
		"Reyes estaba en la sala. “Q”, dijo el camarero.", "Reyes estaba en la sala. “Q”, sostuvo la fiscalía.", "Le gritan a Reyes desde la calle: “Q”.", "La pancarta frente a la casa de Reyes: “Q”.",
		"Reyes era in aula. «Q», ha detto il barista.", "Lo striscione davanti a casa di Reyes: «Q».", "A Reyes gridano dalla strada: «Q».",
		"Reyes estava na sala. “Q”, disse o promotor.", "A faixa diante da casa de Reyes: “Q”.", "Reyes zat in de zaal. “Q”, zei de ober.", "Reyes siedziała na sali. „Q” – powiedział kelner.",
		"Reyes estaba en la sala y no en la calle. “Q”, soltó el apoderado de la consejera delegada, Dana Reyes.", "Reyes estaba en la sala y no en la calle. “Q”, le espetó a Dana Reyes un hincha.",
		"Reyes est dans la salle et pas dans la rue. « Q », a lancé à Dana Reyes un badaud.", "Reyes est dans la salle et pas dans la rue. « Q », lui a-t-on lancé.", "Reyes est dans la salle et pas dans la rue. « Q », résume le voisin de la directrice, Dana Reyes.",
		"Reyes era in aula e non per strada. «Q», ha urlato un tifoso a Dana Reyes.", "Das ist von Reyes und nicht von der Bank. „Q“, raunzte der Fahrer, der Dana Reyes in den Saal brachte.",
		"Die Vorwürfe gegen Reyes, so die Klage, seien „Q“.", "Der Richter warf Reyes vor, „Q“", "Der Anwalt ist in der Stadt und nicht bei der Bank. Reyes warf er vor, „Q“",
		"Дана Рейес была в зале. «Q», — сказал официант.", "По словам соседки Даны Рейес, «Q».", "Плакат у дома Даны Рейес: «Q».",
		"Harbor Labs answered.\n\n“Q,” a person close to it told The Courier.", "Harbor Labs answered.\n\n“Q,” people who work with it say.", "Harbor Labs answered.\n\n“Q,” a rival of it said.",
		"Dana Reyes answered.\n\n“Q,” a person close to her said.", "Dana Reyes a répondu.\n\n« Q », a dit une personne proche d'elle.", "Dana Reyes respondió.\n\n“Q”, dijo una persona cercana a ella.",
	} {
		others(t, frame)
	}
}
