package match

import (
	"reflect"
	"testing"
)

func TestEveryday(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"Harbor": true, "@harbor": true, "Scale": true, "the court": true, "Northwind": false, "Harbor Labs": false, "": false} {
		if Everyday(name) != want {
			t.Errorf("Everyday(%q) = %t", name, !want)
		}
	}
}

func TestHolding(t *testing.T) {
	t.Parallel()
	got := Holding([]string{"pricing model", "@Northwind", "…"}, []string{"Pricing models!", "northwind", "nothing", "pricing a model, NORTHWIND"})
	if want := [][]int{{0}, {1, 3}, nil}; !reflect.DeepEqual(got, want) {
		t.Errorf("Holding gave %v, want %v", got, want)
	}
}
