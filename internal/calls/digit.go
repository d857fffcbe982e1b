package calls

// Digit is one key of a telephone: '0' to '9', '*', '#', 'A' to 'D'.
type Digit byte

const digits = "0123456789*#ABCD"

// DigitOf gives the key of a telephone-event (RFC 4733 §3.2, events 0 to 15).
func DigitOf(event uint8) (Digit, bool) {
	if int(event) >= len(digits) {
		return 0, false
	}
	return Digit(digits[event]), true
}

// Event is the telephone-event of a key; 255 if there is none.
func (d Digit) Event() uint8 {
	for i := range len(digits) {
		if digits[i] == byte(d) {
			return uint8(i)
		}
	}
	return 255
}

// Valid says whether d is a key.
func (d Digit) Valid() bool { return d.Event() != 255 }
