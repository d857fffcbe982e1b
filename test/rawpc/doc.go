// Package rawpc is an issued PC reduced to its protocol: it enrols, connects,
// signs requests, logs in and renews leases exactly as the contract says, or,
// in the hands of a drill, exactly as it forbids. It has no camera and no
// guard: it claims what it is told to claim, which is what an attacker who
// owns a PC with a software key could do.
package rawpc
