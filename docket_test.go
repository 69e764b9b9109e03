package onrecord_test

import (
	"testing"

	"onrecord"
)

func TestSameDocket(t *testing.T) {
	t.Parallel()
	for i, same := range [][]string{
		{
			"3:25-cv-01234", "3:25-cv-01234-ABC", "25-cv-1234", "25-cv-01234-ABC-DEF", "2025-cv-01234", "25cv1234", "3:25cv01234", "25 Civ. 1234 (ABC)", "25 CV 1234", "25-CIV-01234",
			"CV 25-01234", "CV-25-01234-PHX-ABC", "C 25-01234 ABC", "C-25-1234", "No. 25-cv-01234", "Case No. 3:25-cv-01234-ABC", "Civil No. 25-cv-1234", "25‑cv‑01234",
		},
		{"1:25-cr-00007", "25 Cr. 7 (AB)", "CR 25-0007", "25-crim-7"},
		{"25-1234", "No. 25-1234", "2025-1234"},
		{"1:25-mc-01234", "25-misc-1234"},
		{"BL-2025-000123", "bl-2025-000123"},
		{"T‑12 of 2025", "t‑12  of 2025"},
	} {
		for _, a := range same {
			for _, b := range same {
				if !onrecord.SameDocket(a, b) {
					t.Errorf("row %d: %q and %q are two", i, a, b)
				}
			}
		}
	}
	for _, two := range [][2]string{
		{"3:25-cv-01234", "4:25-cv-01234"},
		{"25-cv-1234", "24-cv-1234"},
		{"25-cv-1234", "25-cr-1234"},
		{"25-cv-1234", "25-cv-12345"},
		{"25-cv-1234", "25-1234"},
		{"25-cv-1234", ""},
		{"", ""},
		{"Northwind", "25-cv-1234"},
		{"1234", "01234"},
		{"2025-10-05", "2025-10-06"},
	} {
		if onrecord.SameDocket(two[0], two[1]) || onrecord.SameDocket(two[1], two[0]) {
			t.Errorf("%q and %q are one", two[0], two[1])
		}
	}
}
