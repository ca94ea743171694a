// Package wechat speaks the protocol of a WeChat service account (服务号) in
// both directions: the envelope of the callback, the messages in it, and the
// calls out. It knows no word of the domain.
//
// Inbound it is a Codec, on the standard library alone: the signature, the
// ciphertext and the XML are read here, because a public account is reached by
// strangers and everything they can send must end in a Message or an error.
// Outbound it is a Client, which puts contexts, deadlines, typed errors and
// the care of the access token around the calls of an SDK, and makes by itself
// the calls that the SDK cannot. What the SDK does wrong, and how that is
// closed here, stands in docs/wechat-traps.md.
package wechat
