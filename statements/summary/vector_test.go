package summary

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Rows that are summed up together come to the same, to the last bit, as one by one.
func TestTimes(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 10 {
		rows, by, want := make([][]float64, n), make([]float64, n), make([]float64, n)
		for i := range n {
			by[i] = random.Float64()
		}
		for i := range n {
			for j := range n {
				rows[i] = append(rows[i], random.Float64())
				want[i] += rows[i][j] * by[j]
			}
		}
		got := make([]float64, n)
		if times(rows, by, got); !slices.Equal(got, want) {
			t.Errorf("%d rows: %v, want %v", n, got, want)
		}
	}
}
