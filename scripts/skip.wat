;; The walk of src/tables/json/skip.ts, 16 bytes at a time. scripts/assemble-skip.ts makes
;; src/tables/json/skip-module.ts of it; a test compares both with each other.
;;
;; Positions are those in the text. A result below 0 is ~position of the byte that is not JSON.
;; Memory: 0 the brackets that are open, 1024 the classes of bytes, 2048 how many members were
;; listed, 2052 how many newlines were skipped, 2056 how many lines were looked through, 2060 where the next
;; element is noted, 2064 where the room for those ends, 2068 and 2072 the same of what strings with escapes stand for, 2304 how many strings are known, 2308 where their bytes end, 2312 the mask of their table, 2560 the patterns, 3600
;; and 3632 the first and the last second of the range of time, 3696 the needs, 3704 whether times inside of the range are the ones that do not matter, 3712
;; the pattern of another name of the time, 3840 the days that precede a
;; month, 4096 the late patterns, 20480 the lists, 65536 which bytes are kept, 67584 the tries of wanted places, 2162688 what was found there, 2424832
;; the table of known strings, 3473408 their bytes, 15597568 what was found of elements, 16646144 room for the brackets,
;; words and lists of another thread, 16777216 the text, with 192 zeros behind.
(module
  ;; Of two threads that share a memory each has brackets, words and lists of its own, the second one
  ;; behind $scratch. One makes strings known, and the other looks for them.
  (import "kernel" "memory" (memory 2 1024))
  (import "kernel" "scratch" (global $scratch i32))
  (import "kernel" "isShared" (global $isShared i32))
  ;; Whether a string with an escape was skipped.
  (global $escaped (mut i32) (i32.const 0))

  ;; 1: blank, 2: may follow a backslash, 4: hexadecimal digit
  (data (i32.const 1033) "\01\01")
  (data (i32.const 1037) "\01")
  (data (i32.const 1056) "\01\00\02")
  (data (i32.const 1071) "\02\04\04\04\04\04\04\04\04\04\04")
  (data (i32.const 1089) "\04\04\04\04\04\04")
  (data (i32.const 1116) "\02")
  (data (i32.const 1121) "\04\06\04\04\04\06")
  (data (i32.const 1134) "\02")
  (data (i32.const 1138) "\02\00\02\02")

  (func $class (param $byte i32) (result i32)
    (i32.load8_u offset=1024 (local.get $byte)))

  (func $byte (param $at i32) (result i32)
    (i32.load8_u offset=16777216 (local.get $at)))

  (func $skipBlanks (param $at i32) (param $end i32) (result i32)
    (local $c i32)
    (block $out
      (loop $l
        (br_if $out (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $c (call $byte (local.get $at)))
        (br_if $out (i32.eqz (i32.and (call $class (local.get $c)) (i32.const 1))))
        (if (i32.eq (local.get $c) (i32.const 10)) (then (i32.store offset=2052 (global.get $scratch) (i32.add (i32.load offset=2052 (global.get $scratch)) (i32.const 1)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $l)))
    (local.get $at))
  ;; A string byte by byte from an escape on: what says where it is not JSON.
  (func $skipEscapes (param $at i32) (param $end i32) (result i32)
    (local $v v128) (local $m i32) (local $c i32)
    (loop $l
      (local.set $v (v128.load offset=16777216 (local.get $at)))
      (local.set $m (i8x16.bitmask (v128.or (v128.or
        (i8x16.eq (local.get $v) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))
        (i8x16.eq (local.get $v) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92)))
        (i8x16.lt_u (local.get $v) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))))
      (if (i32.eqz (local.get $m)) (then
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $l (i32.lt_u (local.get $at) (local.get $end)))
        (return (i32.xor (local.get $end) (i32.const -1)))))
      (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $m))))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
      (local.set $c (call $byte (local.get $at)))
      (if (i32.eq (local.get $c) (i32.const 34)) (then (return (i32.add (local.get $at) (i32.const 1)))))
      (if (i32.ne (local.get $c) (i32.const 92)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
      (global.set $escaped (i32.const 1))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
      (local.set $c (call $byte (local.get $at)))
      (if (i32.eqz (i32.and (call $class (local.get $c)) (i32.const 2))) (then (return (i32.xor (local.get $at) (i32.const -1)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.eq (local.get $c) (i32.const 117)) (then
        (local.set $m (i32.const 4))
        (loop $h
          (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
          (if (i32.eqz (i32.and (call $class (call $byte (local.get $at))) (i32.const 4))) (then (return (i32.xor (local.get $at) (i32.const -1)))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br_if $h (local.tee $m (i32.sub (local.get $m) (i32.const 1)))))))
      (br_if $l (i32.lt_u (local.get $at) (local.get $end)))
      (return (i32.xor (local.get $end) (i32.const -1))))
    (unreachable))
  ;; A bit for each of 64 bytes that compares.
  (func $bits (param $v0 v128) (param $v1 v128) (param $v2 v128) (param $v3 v128) (result i64)
    (i64.or
      (i64.extend_i32_u (i32.or
        (i8x16.bitmask (local.get $v0))
        (i32.shl (i8x16.bitmask (local.get $v1)) (i32.const 16))))
      (i64.shl
        (i64.extend_i32_u (i32.or
          (i8x16.bitmask (local.get $v2))
          (i32.shl (i8x16.bitmask (local.get $v3)) (i32.const 16))))
        (i64.const 32))))

  ;; A string from a place on where blocks of 64 bytes have escapes, or what may not be in a string.
  (func $skipBlocks (param $at i32) (param $end i32) (result i32)
    (local $v0 v128) (local $v1 v128) (local $v2 v128) (local $v3 v128) (local $m i32)
    (local $quotes i64) (local $backslashes i64) (local $starts i64) (local $behind i64)
    (local $before i64) (local $other i64) (local $carry i64)
    (global.set $escaped (i32.const 1))
    (loop $l
      (local.set $v0 (v128.load offset=16777216 (local.get $at)))
      (local.set $v1 (v128.load offset=16777232 (local.get $at)))
      (local.set $v2 (v128.load offset=16777248 (local.get $at)))
      (local.set $v3 (v128.load offset=16777264 (local.get $at)))
      (local.set $quotes (call $bits
          (i8x16.eq (local.get $v0) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))
          (i8x16.eq (local.get $v1) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))
          (i8x16.eq (local.get $v2) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))
          (i8x16.eq (local.get $v3) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))))
      (local.set $backslashes (call $bits
          (i8x16.eq (local.get $v0) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92))
          (i8x16.eq (local.get $v1) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92))
          (i8x16.eq (local.get $v2) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92))
          (i8x16.eq (local.get $v3) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92))))
      ;; What is behind an odd number of backslashes: a sum carries over a run of them, from its start
      ;; to behind its end. The first byte may be behind one of the block before.
      (local.set $other (i64.and (local.get $backslashes) (i64.xor (local.get $carry) (i64.const -1))))
      (local.set $starts (i64.and (local.get $other)
        (i64.xor (i64.shl (local.get $other) (i64.const 1)) (i64.const -1))))
      (local.set $before (i64.add (local.get $other)
        (i64.and (local.get $starts) (i64.const 0xaaaaaaaaaaaaaaaa))))
      (local.set $behind (i64.or (local.get $carry) (i64.and
        (i64.xor (local.get $other) (i64.const -1))
        (i64.or
          (i64.and (i64.const 0x5555555555555555) (local.get $before))
          (i64.and (i64.const 0xaaaaaaaaaaaaaaaa) (i64.add (local.get $other)
            (i64.and (local.get $starts) (i64.const 0x5555555555555555))))))))
      (local.set $starts (i64.extend_i32_u (i64.lt_u (local.get $before) (local.get $other))))
      ;; What precedes the closing quote.
      (local.set $before (i64.and (local.get $quotes) (i64.xor (local.get $behind) (i64.const -1))))
      (local.set $before (i64.sub (i64.and (local.get $before) (i64.sub (i64.const 0) (local.get $before))) (i64.const 1)))
      (block $ok
        (block $fault
          (if (v128.any_true (v128.or
                (v128.or
                  (i8x16.lt_u (local.get $v0) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))
                  (i8x16.lt_u (local.get $v1) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))
                (v128.or
                  (i8x16.lt_u (local.get $v2) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))
                  (i8x16.lt_u (local.get $v3) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))))
            (then (br_if $fault (i64.ne (i64.const 0) (i64.and (local.get $before)
              (call $bits
          (i8x16.lt_u (local.get $v0) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))
          (i8x16.lt_u (local.get $v1) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))
          (i8x16.lt_u (local.get $v2) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))
          (i8x16.lt_u (local.get $v3) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))))))))
          ;; Behind a backslash is mostly a quote, a backslash or an n.
          (local.set $other (i64.and
            (i64.and (local.get $behind) (local.get $before))
            (i64.xor (i64.const -1) (i64.or (local.get $quotes) (i64.or (local.get $backslashes)
              (call $bits
          (i8x16.eq (local.get $v0) (v128.const i8x16 110 110 110 110 110 110 110 110 110 110 110 110 110 110 110 110))
          (i8x16.eq (local.get $v1) (v128.const i8x16 110 110 110 110 110 110 110 110 110 110 110 110 110 110 110 110))
          (i8x16.eq (local.get $v2) (v128.const i8x16 110 110 110 110 110 110 110 110 110 110 110 110 110 110 110 110))
          (i8x16.eq (local.get $v3) (v128.const i8x16 110 110 110 110 110 110 110 110 110 110 110 110 110 110 110 110))))))))
          (br_if $ok (i64.eqz (local.get $other)))
          (loop $escape
            (local.set $m (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $other)))))
            (br_if $fault (i32.eqz (i32.and (call $class (call $byte (local.get $m))) (i32.const 2))))
            ;; Behind \u four digits are to come.
            (if (i32.eq (call $byte (local.get $m)) (i32.const 117)) (then
              (br_if $fault (i32.eqz (i32.and (i32.const 4) (i32.and
                (i32.and (call $class (call $byte (i32.add (local.get $m) (i32.const 1))))
                         (call $class (call $byte (i32.add (local.get $m) (i32.const 2)))))
                (i32.and (call $class (call $byte (i32.add (local.get $m) (i32.const 3))))
                         (call $class (call $byte (i32.add (local.get $m) (i32.const 4)))))))))))
            (br_if $escape (i64.ne (i64.const 0) (local.tee $other
              (i64.and (local.get $other) (i64.sub (local.get $other) (i64.const 1)))))))
          (br $ok))
        ;; Where exactly, is found step by step, from the backslash on where one precedes the block.
        (return (call $skipEscapes (i32.sub (local.get $at) (i32.wrap_i64 (local.get $carry))) (local.get $end))))
      (if (i64.ne (local.get $before) (i64.const -1)) (then
        (local.set $m (i32.add (local.get $at)
          (i32.wrap_i64 (i64.popcnt (local.get $before)))))
        (if (i32.ge_u (local.get $m) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
        (return (i32.add (local.get $m) (i32.const 1)))))
      (local.set $carry (local.get $starts))
      (local.set $at (i32.add (local.get $at) (i32.const 64)))
      (br_if $l (i32.lt_u (local.get $at) (local.get $end))))
    (i32.xor (local.get $end) (i32.const -1)))
  ;; Behind the opening quote, behind the closing one.
  (func $skipString (param $at i32) (param $end i32) (result i32)
    (local $v v128) (local $m i32)
    (loop $l
      (local.set $v (v128.load offset=16777216 (local.get $at)))
      (local.set $m (i8x16.bitmask (v128.or (v128.or
        (i8x16.eq (local.get $v) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))
        (i8x16.eq (local.get $v) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92)))
        (i8x16.lt_u (local.get $v) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))))
      (if (i32.eqz (local.get $m)) (then
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $l (i32.lt_u (local.get $at) (local.get $end)))
        (return (i32.xor (local.get $end) (i32.const -1))))))
    (local.set $m (i32.add (local.get $at) (i32.ctz (local.get $m))))
    (if (i32.ge_u (local.get $m) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
    (if (i32.eq (call $byte (local.get $m)) (i32.const 34)) (then (return (i32.add (local.get $m) (i32.const 1)))))
    (call $skipBlocks (local.get $at) (local.get $end)))
  (func $skipDigits (param $at i32) (param $end i32) (result i32)
    (local $s i32)
    (local.set $s (local.get $at))
    (block $out (loop $l
      (br_if $out (i32.ge_u (local.get $at) (local.get $end)))
      (br_if $out (i32.ge_u (i32.sub (call $byte (local.get $at)) (i32.const 48)) (i32.const 10)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $l)))
    (if (i32.eq (local.get $at) (local.get $s)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
    (local.get $at))
  (func $skipNumber (param $at i32) (param $end i32) (result i32)
    (local $c i32)
    (if (i32.eq (call $byte (local.get $at)) (i32.const 45)) (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    (if (i32.and (i32.lt_u (local.get $at) (local.get $end)) (i32.eq (call $byte (local.get $at)) (i32.const 48)))
      (then (local.set $at (i32.add (local.get $at) (i32.const 1))))
      (else (local.set $at (call $skipDigits (local.get $at) (local.get $end)))))
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
    (if (i32.and (i32.lt_u (local.get $at) (local.get $end)) (i32.eq (call $byte (local.get $at)) (i32.const 46)))
      (then (local.set $at (call $skipDigits (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
        (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))))
    (if (i32.and (i32.lt_u (local.get $at) (local.get $end)) (i32.eq (i32.or (call $byte (local.get $at)) (i32.const 32)) (i32.const 101)))
      (then
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $c (call $byte (local.get $at)))
        (if (i32.and (i32.lt_u (local.get $at) (local.get $end)) (i32.or (i32.eq (local.get $c) (i32.const 43)) (i32.eq (local.get $c) (i32.const 45))))
          (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
        (local.set $at (call $skipDigits (local.get $at) (local.get $end)))))
    (local.get $at))
  ;; a word of n bytes packed in w (little endian)
  (func $skipWord (param $at i32) (param $end i32) (param $w i64) (result i32)
    (loop $l
      (if (i64.eqz (local.get $w)) (then (return (local.get $at))))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
      (if (i32.ne (call $byte (local.get $at)) (i32.and (i32.wrap_i64 (local.get $w)) (i32.const 255))) (then (return (i32.xor (local.get $at) (i32.const -1)))))
      (local.set $w (i64.shr_u (local.get $w) (i64.const 8)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $l))
    (unreachable))
  (func $skipScalar (param $at i32) (param $end i32) (result i32)
    (local $c i32)
    (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
    (local.set $c (call $byte (local.get $at)))
    (if (i32.or (i32.eq (local.get $c) (i32.const 45)) (i32.lt_u (i32.sub (local.get $c) (i32.const 48)) (i32.const 10)))
      (then (return (call $skipNumber (local.get $at) (local.get $end)))))
    (if (i32.eq (local.get $c) (i32.const 116)) (then (return (call $skipWord (local.get $at) (local.get $end) (i64.const 0x65757274)))))
    (if (i32.eq (local.get $c) (i32.const 102)) (then (return (call $skipWord (local.get $at) (local.get $end) (i64.const 0x65736c6166)))))
    (if (i32.eq (local.get $c) (i32.const 110)) (then (return (call $skipWord (local.get $at) (local.get $end) (i64.const 0x6c6c756e)))))
    (i32.xor (local.get $at) (i32.const -1)))
  (func $skipKey (param $at i32) (param $end i32) (result i32)
    (if (i32.ne (call $byte (local.get $at)) (i32.const 34)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
    (local.set $at (call $skipString (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
    (if (i32.ne (call $byte (local.get $at)) (i32.const 58)) (then
      (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
      (if (i32.ne (call $byte (local.get $at)) (i32.const 58)) (then (return (i32.xor (local.get $at) (i32.const -1)))))))
    (i32.add (local.get $at) (i32.const 1)))
  (func $skipValue (export "skipValue") (param $at i32) (param $end i32) (result i32)
    (local $c i32) (local $depth i32) (local $close i32)
    (loop $value
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
      (local.set $c (call $byte (local.get $at)))
      (block $done
        (if (i32.eq (local.get $c) (i32.const 34)) (then
          (local.set $at (call $skipString (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
          (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
          (br $done)))
        (if (i32.or (i32.eq (local.get $c) (i32.const 123)) (i32.eq (local.get $c) (i32.const 91))) (then
          (if (i32.ge_u (i32.add (local.get $depth) (global.get $around)) (i32.const 1000)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (if (i32.and (call $class (call $byte (local.get $at))) (i32.const 1)) (then (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))))
          (if (i32.eq (call $byte (local.get $at)) (i32.add (local.get $c) (i32.const 2))) (then
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br $done)))
          (i32.store8 (i32.add (global.get $scratch) (local.get $depth)) (local.get $close))
          (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
          (local.set $close (i32.add (local.get $c) (i32.const 2)))
          (if (i32.eq (local.get $c) (i32.const 123)) (then
            (local.set $at (call $skipKey (local.get $at) (local.get $end)))
            (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))))
          (br $value)))
        (if (i32.and (call $class (local.get $c)) (i32.const 1)) (then
          (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
          (br $value)))
        (local.set $at (call $skipScalar (local.get $at) (local.get $end)))
        (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at)))))
      (loop $after
        (if (i32.eqz (local.get $depth)) (then (return (local.get $at))))
        (local.set $c (call $byte (local.get $at)))
        (if (i32.and (call $class (local.get $c)) (i32.const 1)) (then
          (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
          (local.set $c (call $byte (local.get $at)))))
        (if (i32.eq (local.get $c) (i32.const 44)) (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (if (i32.eq (local.get $close) (i32.const 125)) (then
            (if (i32.ne (call $byte (local.get $at)) (i32.const 34)) (then (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))))
            (local.set $at (call $skipKey (local.get $at) (local.get $end)))
            (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))))
          (br $value)))
        (if (i32.ne (local.get $c) (local.get $close)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
        (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
        (local.set $close (i32.load8_u (i32.add (global.get $scratch) (local.get $depth))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $after)))
    (unreachable))

  ;; Skips the object or array at $at, and lists its first $most members or elements at $out: where
  ;; the name begins and ends (with the top bit set where it has escapes), where the value begins and
  ;; ends (with the top bit set where it is a string with escapes). The least i32 where the lists have
  ;; no room.
  (func (export "list") (param $at i32) (param $end i32) (param $out i32) (param $most i32) (result i32)
    (local $close i32) (local $name i32) (local $nameEnd i32) (local $start i32) (local $count i32)
    (local $c i32)
    (local.set $close (i32.add (call $byte (local.get $at)) (i32.const 2)))
    (local.set $at (call $skipBlanks (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
    (i32.store offset=2048 (global.get $scratch) (i32.const 0))
    (if (i32.eq (call $byte (local.get $at)) (local.get $close)) (then (return (i32.add (local.get $at) (i32.const 1)))))
    (loop $member
      (if (i32.eq (local.get $close) (i32.const 125)) (then
        (if (i32.ne (call $byte (local.get $at)) (i32.const 34)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
        (local.set $name (i32.add (local.get $at) (i32.const 1)))
        (global.set $escaped (i32.const 0))
        (local.set $at (call $skipString (local.get $name) (local.get $end)))
        (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
        (local.set $nameEnd (i32.or (i32.sub (local.get $at) (i32.const 1)) (i32.shl (global.get $escaped) (i32.const 31))))
        (if (i32.ne (call $byte (local.get $at)) (i32.const 58)) (then
          (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
          (if (i32.ne (call $byte (local.get $at)) (i32.const 58)) (then (return (i32.xor (local.get $at) (i32.const -1)))))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))))
      (if (i32.and (call $class (call $byte (local.get $at))) (i32.const 1)) (then
        (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))))
      (local.set $start (local.get $at))
      (global.set $escaped (i32.const 0))
      (local.set $at (call $skipValue (local.get $at) (local.get $end)))
      (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
      (if (i32.lt_u (local.get $count) (local.get $most)) (then
        (if (i32.gt_u (local.get $out) (i32.add (global.get $scratch) (i32.const 65520))) (then (return (i32.const 0x80000000))))
        (i32.store (local.get $out) (local.get $name))
        (i32.store offset=4 (local.get $out) (local.get $nameEnd))
        (i32.store offset=8 (local.get $out) (local.get $start))
        (i32.store offset=12 (local.get $out) (i32.or (local.get $at) (i32.shl
          (i32.and (global.get $escaped) (i32.eq (call $byte (local.get $start)) (i32.const 34)))
          (i32.const 31))))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (i32.store offset=2048 (global.get $scratch) (local.get $count))))
      (local.set $c (call $byte (local.get $at)))
      (if (i32.ne (local.get $c) (i32.const 44)) (then
        (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
        (local.set $c (call $byte (local.get $at)))
        (if (i32.eq (local.get $c) (local.get $close)) (then (return (i32.add (local.get $at) (i32.const 1)))))
        (if (i32.ne (local.get $c) (i32.const 44)) (then (return (i32.xor (local.get $at) (i32.const -1)))))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.eq (local.get $close) (i32.const 125)) (then
        (if (i32.ne (call $byte (local.get $at)) (i32.const 34)) (then
          (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))))))
      (br $member))
    (unreachable))

  ;; What is wanted of records is a trie of nodes: 0 the number of what stands there, or -1; 4 the
  ;; record in which it was met last; 8 the table of members; 12 that of elements; 16 how many of
  ;; those there are; 20 what its strings are looked up by, -1 where they are times, 0 for neither; 24 the
  ;; node of each element, 28 how many places are wanted of one.
  ;; A table of members: 0 the heads that mostly come first, 8 where the heads of this trie are; 16
  ;; 256 numbers of first entries, by length, first and last byte of the name; 528 the entries, from
  ;; number 1 on: where the name is, its length, the node, the number of the next one. A table of
  ;; elements: the nodes, or 0.
  ;; What is found has 24 bytes: what it is (5 a string, 6 one with escapes, ...), where it begins and
  ;; ends, the code of a string or whether it is a time, its ticks. Of an array of which something of each
  ;; element is wanted: the word where what was found of the first one is, or 0, and how many there are.
  (global $record (mut i32) (i32.const 0))
  (global $lastRecord (mut i32) (i32.const 0))
  (global $row (mut i32) (i32.const 0))
  ;; How many brackets are open around a value in an array of which each element is walked over, that one
  ;; included: they count as if it was skipped. 0 where there is none.
  (global $around (mut i32) (i32.const 0))

  (func $nextRecord
    (global.set $lastRecord (i32.add (global.get $lastRecord) (i32.const 1)))
    (global.set $record (global.get $lastRecord)))

  ;; Walks over the value at $at and notes at $row what is wanted by the trie $root. The least i32
  ;; where that takes more: names that are not as they are spelt, or occur twice.
  (func (export "walk") (param $root i32) (param $at i32) (param $end i32) (param $row i32) (param $slots i32) (result i32)
    (memory.fill (local.get $row) (i32.const 0) (i32.mul (local.get $slots) (i32.const 24)))
    (call $nextRecord)
    (global.set $row (local.get $row))
    (call $walkValue (local.get $root) (local.get $at) (local.get $end)))

  ;; Skips a string from behind its opening quote on, and notes it for a node.
  (func $walkString (param $node i32) (param $start i32) (param $end i32) (result i32)
    (local $at i32) (local $slot i32) (local $tag i32) (local $stop i32) (local $text i32) (local $behind i32)
    (global.set $escaped (i32.const 0))
    (local.set $at (call $skipString (local.get $start) (local.get $end)))
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
    (local.set $slot (i32.load (local.get $node)))
    (if (i32.lt_s (local.get $slot) (i32.const 0)) (then (return (local.get $at))))
    (local.set $slot (i32.add (global.get $row) (i32.mul (local.get $slot) (i32.const 24))))
    (i32.store (local.get $slot) (i32.add (i32.const 5) (global.get $escaped)))
    (i32.store offset=12 (local.get $slot) (i32.const -1))
    (local.set $stop (i32.sub (local.get $at) (i32.const 1)))
    (local.set $tag (i32.load offset=20 (local.get $node)))
    (block $noted
      (br_if $noted (i32.eqz (local.get $tag)))
      (if (i32.gt_s (local.get $tag) (i32.const 0)) (then
        (i32.store offset=12 (local.get $slot) (call $known (local.get $tag) (local.get $start) (local.get $stop)))
        (br $noted)))
      (if (i32.eq (local.get $tag) (i32.const -1)) (then
        (call $ticks (local.get $start) (local.get $stop) (local.get $slot))
        (br $noted)))
      (br_if $noted (i32.eqz (global.get $escaped)))
      ;; What it stands for, where there is room for that.
      (local.set $text (i32.load offset=2068 (global.get $scratch)))
      (local.set $behind (i32.add (local.get $text) (i32.sub (local.get $stop) (local.get $start))))
      (br_if $noted (i32.gt_u (local.get $behind) (i32.load offset=2072 (global.get $scratch))))
      (local.set $behind (call $unescape (local.get $start) (local.get $stop) (local.get $text)))
      (br_if $noted (i32.lt_s (local.get $behind) (i32.const 0)))
      (i32.store offset=2068 (global.get $scratch) (local.get $behind))
      (i32.store (local.get $slot) (i32.const 5))
      (local.set $start (i32.sub (local.get $text) (i32.const 16777216)))
      (local.set $stop (i32.sub (local.get $behind) (i32.const 16777216))))
    (i32.store offset=4 (local.get $slot) (local.get $start))
    (i32.store offset=8 (local.get $slot) (local.get $stop))
    (local.get $at))

  ;; Walks over the records that stand one on a line from $at on, and notes one a row, until $most were or
  ;; a line is met that is not just a record, which begins with $opening. Lists where they begin and end,
  ;; and returns where the first line begins that was not walked over.
  (func (export "walkLines") (param $root i32) (param $at i32) (param $end i32) (param $row i32) (param $slots i32) (param $most i32) (param $opening i32) (result i32)
    (local $count i32) (local $after i32) (local $bytes i32) (local $newlines i32)
    (local.set $bytes (i32.mul (local.get $slots) (i32.const 24)))
    (local.set $newlines (i32.load offset=2052 (global.get $scratch)))
    (block $out (loop $next
      (br_if $out (i32.ge_u (local.get $at) (local.get $end)))
      (br_if $out (i32.ne (call $byte (local.get $at)) (local.get $opening)))
      (memory.fill (local.get $row) (i32.const 0) (local.get $bytes))
      (call $nextRecord)
      (global.set $row (local.get $row))
      (local.set $after (call $walkValue (local.get $root) (local.get $at) (local.get $end)))
      (br_if $out (i32.lt_s (local.get $after) (i32.const 0)))
      (br_if $out (i32.ne (i32.load offset=2052 (global.get $scratch)) (local.get $newlines)))
      (i32.store offset=20480 (i32.add (global.get $scratch) (i32.shl (local.get $count) (i32.const 3))) (local.get $at))
      (i32.store offset=20484 (i32.add (global.get $scratch) (i32.shl (local.get $count) (i32.const 3))) (local.get $after))
      (local.set $after (i32.add (local.get $after) (i32.eq (call $byte (local.get $after)) (i32.const 13))))
      (br_if $out (i32.ge_u (local.get $after) (local.get $end)))
      (br_if $out (i32.ne (call $byte (local.get $after)) (i32.const 10)))
      (local.set $at (i32.add (local.get $after) (i32.const 1)))
      (local.set $row (i32.add (local.get $row) (local.get $bytes)))
      (br_if $next (i32.lt_u (local.tee $count (i32.add (local.get $count) (i32.const 1))) (local.get $most)))))
    (i32.store offset=2048 (global.get $scratch) (local.get $count))
    (local.get $at))

  (func $walkValue (param $node i32) (param $at i32) (param $end i32) (result i32)
    (local $start i32) (local $c i32) (local $slot i32)
    (local.set $start (local.get $at))
    (local.set $c (call $byte (local.get $at)))
    (if (i32.eq (local.get $c) (i32.const 34))
      (then (return (call $walkString (local.get $node) (i32.add (local.get $at) (i32.const 1)) (local.get $end)))))
    (block $done
      (if (i32.and (i32.eq (local.get $c) (i32.const 123)) (i32.ne (i32.load offset=8 (local.get $node)) (i32.const 0))) (then
        (global.set $around (i32.add (global.get $around) (i32.ne (global.get $around) (i32.const 0))))
        (local.set $at (call $walkObject (i32.load offset=8 (local.get $node)) (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
        (global.set $around (i32.sub (global.get $around) (i32.ne (global.get $around) (i32.const 0))))
        (br $done)))
      (if (i32.and (i32.eq (local.get $c) (i32.const 91)) (i32.ne (i32.load offset=12 (local.get $node)) (i32.const 0))) (then
        (local.set $at (call $walkArray (i32.load offset=12 (local.get $node)) (i32.load offset=16 (local.get $node))
          (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
        (br $done)))
      (if (i32.and (i32.eq (local.get $c) (i32.const 91)) (i32.ne (i32.load offset=24 (local.get $node)) (i32.const 0))) (then
        (local.set $at (call $walkEach (local.get $node) (local.get $at) (local.get $end)))
        (br $done)))
      (local.set $at (call $skipValue (local.get $at) (local.get $end))))
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
    (local.set $slot (i32.load (local.get $node)))
    (if (i32.lt_s (local.get $slot) (i32.const 0)) (then (return (local.get $at))))
    (local.set $slot (i32.add (global.get $row) (i32.mul (local.get $slot) (i32.const 24))))
    ;; null true false number, object, array
    (i32.store (local.get $slot)
      (select (i32.const 7) (select (i32.const 8) (select (i32.const 2) (select (i32.const 3) (select (i32.const 1) (i32.const 4)
        (i32.eq (local.get $c) (i32.const 110)))
        (i32.eq (local.get $c) (i32.const 102)))
        (i32.eq (local.get $c) (i32.const 116)))
        (i32.eq (local.get $c) (i32.const 91)))
        (i32.eq (local.get $c) (i32.const 123))))
    (i32.store offset=4 (local.get $slot) (local.get $start))
    (i32.store offset=8 (local.get $slot) (local.get $at))
    (i32.store offset=12 (local.get $slot) (i32.const -1))
    (local.get $at))

  ;; The node of the member whose name is between the positions; 0 where there is none.
  (func $member (param $members i32) (param $name i32) (param $end i32) (result i32)
    (local $length i32) (local $entry i32) (local $text i32) (local $i i32) (local $rest i32)
    (local.set $length (i32.sub (local.get $end) (local.get $name)))
    (local.set $entry (i32.load16_u offset=16 (i32.add (local.get $members) (i32.shl (i32.and (i32.const 255)
      (i32.add (local.get $length)
      (i32.add (i32.mul (call $byte (local.get $name)) (i32.const 5))
               (i32.mul (call $byte (i32.sub (local.get $end) (i32.const 1))) (i32.const 17))))) (i32.const 1)))))
    (block $none
      (loop $next
        (br_if $none (i32.eqz (local.get $entry)))
        (local.set $entry (i32.add (local.get $members) (i32.shl (local.get $entry) (i32.const 4))))
        (if (i32.eq (i32.load offset=516 (local.get $entry)) (local.get $length)) (then
          (local.set $text (i32.load offset=512 (local.get $entry)))
          (local.set $i (i32.const 0))
          (block $differs
            (loop $block
              (local.set $rest (i32.sub (local.get $length) (local.get $i)))
              (br_if $differs (i32.ne (i32.const -1) (i32.or
                (i8x16.bitmask (i8x16.eq
                  (v128.load offset=16777216 (i32.add (local.get $name) (local.get $i)))
                  (v128.load (i32.add (local.get $text) (local.get $i)))))
                (i32.shl (i32.const -1) (select (local.get $rest) (i32.const 16) (i32.lt_u (local.get $rest) (i32.const 16)))))))
              (local.set $i (i32.add (local.get $i) (i32.const 16)))
              (br_if $block (i32.lt_u (local.get $i) (local.get $length))))
            (return (i32.load offset=520 (local.get $entry))))))
        (local.set $entry (i32.load offset=524 (local.get $entry)))
        (br $next)))
    (i32.const 0))

  ;; What precedes the value of a member is the same in most records: the comma or nothing, its name,
  ;; the colon and the opening quote of a string, or what ends the object in place of all that. Such a
  ;; head is known by its bytes once it was read. 0 the heads that followed it last, and before that;
  ;; 8 its length; 12 what its value is: 0 a string that is not wanted, 1 another value that is not, 2
  ;; a string that is, 3 another value that is, 4 none, as the object has ended; 16 the node; 20 the
  ;; table of members; 24 the head in the same chain; 32 up to 48 bytes; 80 which bits of them count.
  ;; The heads of a trie: 0 where the next one comes; 4 where there is no more room; 8 64 chains.
  (func $walkObject (param $members i32) (param $at i32) (param $end i32) (result i32)
    (local $before i32) (local $head i32) (local $from i32) (local $kind i32) (local $child i32)
    (local $m i32) (local $v v128) (local $w v128)
    (local.set $before (local.get $members))
    (loop $next
      (block $ended
        (block $known
          (if (local.get $before) (then
            (local.set $head (i32.load (local.get $before)))
            (if (local.get $head) (then
              (br_if $known (i32.eqz (v128.any_true (v128.or (v128.or
          (v128.and
            (v128.xor (v128.load offset=16777216 (local.get $at)) (v128.load offset=32 (local.get $head)))
            (v128.load offset=80 (local.get $head)))
          (v128.and
            (v128.xor (v128.load offset=16777232 (local.get $at)) (v128.load offset=48 (local.get $head)))
            (v128.load offset=96 (local.get $head))))
          (v128.and
            (v128.xor (v128.load offset=16777248 (local.get $at)) (v128.load offset=64 (local.get $head)))
            (v128.load offset=112 (local.get $head)))))))
              (local.set $head (i32.load offset=4 (local.get $before)))
              (if (local.get $head) (then
                (if (i32.eqz (v128.any_true (v128.or (v128.or
          (v128.and
            (v128.xor (v128.load offset=16777216 (local.get $at)) (v128.load offset=32 (local.get $head)))
            (v128.load offset=80 (local.get $head)))
          (v128.and
            (v128.xor (v128.load offset=16777232 (local.get $at)) (v128.load offset=48 (local.get $head)))
            (v128.load offset=96 (local.get $head))))
          (v128.and
            (v128.xor (v128.load offset=16777248 (local.get $at)) (v128.load offset=64 (local.get $head)))
            (v128.load offset=112 (local.get $head)))))) (then
                  (i32.store offset=4 (local.get $before) (i32.load (local.get $before)))
                  (i32.store (local.get $before) (local.get $head))
                  (br $known)))))))))
          ;; Another head than those two.
          (local.set $from (local.get $at))
          (local.set $at (call $readHead (local.get $members) (local.get $from) (local.get $end)
            (i32.eq (local.get $before) (local.get $members))))
          (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
          (local.set $head (call $keepHead (local.get $members) (local.get $from) (local.get $at)))
          (if (local.get $before) (then
            (if (local.get $head) (then
              (i32.store offset=4 (local.get $before) (i32.load (local.get $before)))
              (i32.store (local.get $before) (local.get $head))))))
          (local.set $before (local.get $head))
          (local.set $kind (global.get $headKind))
          (local.set $child (global.get $headNode))
          (br $ended))
        (local.set $before (local.get $head))
        (local.set $at (i32.add (local.get $at) (i32.load offset=8 (local.get $head))))
        (local.set $kind (i32.load offset=12 (local.get $head)))
        (local.set $child (i32.load offset=16 (local.get $head))))
      (block $skipped
        (if (i32.eqz (local.get $kind)) (then
          (loop $l
            (local.set $v (v128.load offset=16777216 (local.get $at)))
            (local.set $w (v128.load offset=16777232 (local.get $at)))
            (local.set $m (i32.or
              (i8x16.bitmask (v128.or (v128.or
          (i8x16.eq (local.get $v) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))
          (i8x16.eq (local.get $v) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92)))
          (i8x16.lt_u (local.get $v) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))))
              (i32.shl (i8x16.bitmask (v128.or (v128.or
          (i8x16.eq (local.get $w) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))
          (i8x16.eq (local.get $w) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92)))
          (i8x16.lt_u (local.get $w) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))) (i32.const 16))))
            (if (i32.eqz (local.get $m)) (then
              (local.set $at (i32.add (local.get $at) (i32.const 32)))
              (br_if $l (i32.lt_u (local.get $at) (local.get $end)))
              (return (i32.xor (local.get $end) (i32.const -1))))))
          (local.set $m (i32.add (local.get $at) (i32.ctz (local.get $m))))
          (if (i32.eq (call $byte (local.get $m)) (i32.const 34))
            (then
              (if (i32.ge_u (local.get $m) (local.get $end)) (then (return (i32.xor (local.get $end) (i32.const -1)))))
              (local.set $at (i32.add (local.get $m) (i32.const 1)))
              (br $next))
            (else
              (local.set $at (call $skipBlocks (local.get $at) (local.get $end)))
              (br $skipped)))))
        (if (i32.eq (local.get $kind) (i32.const 4)) (then (return (local.get $at))))
        (if (i32.eq (local.get $kind) (i32.const 1)) (then
          (local.set $at (call $skipValue (local.get $at) (local.get $end)))
          (br $skipped)))
        (if (i32.eq (i32.load offset=4 (local.get $child)) (global.get $record)) (then (return (i32.const 0x80000000))))
        (i32.store offset=4 (local.get $child) (global.get $record))
        (if (i32.eq (local.get $kind) (i32.const 2))
          (then (local.set $at (call $walkString (local.get $child) (local.get $at) (local.get $end))))
          (else
            ;; The head may have been kept without the blanks that it has here.
            (if (i32.and (call $class (call $byte (local.get $at))) (i32.const 1)) (then
              (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))))
            (local.set $at (call $walkValue (local.get $child) (local.get $at) (local.get $end))))))
      (br_if $next (i32.ge_s (local.get $at) (i32.const 0))))
    (local.get $at))

  ;; What the head that was read last says of the value behind it.
  (global $headKind (mut i32) (i32.const 0))
  (global $headNode (mut i32) (i32.const 0))

  ;; Reads a head, the first one of an object from behind the bracket on, others from behind a value on,
  ;; and returns the position behind it.
  (func $readHead (param $members i32) (param $at i32) (param $end i32) (param $isFirst i32) (result i32)
    (local $name i32) (local $isString i32)
    (global.set $headKind (i32.const 4))
    (global.set $headNode (i32.const 0))
    (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
    (if (i32.eq (call $byte (local.get $at)) (i32.const 125)) (then (return (i32.add (local.get $at) (i32.const 1)))))
    (if (i32.eqz (local.get $isFirst)) (then
      (if (i32.ne (call $byte (local.get $at)) (i32.const 44)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
      (local.set $at (call $skipBlanks (i32.add (local.get $at) (i32.const 1)) (local.get $end)))))
    (if (i32.ne (call $byte (local.get $at)) (i32.const 34)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
    (local.set $name (i32.add (local.get $at) (i32.const 1)))
    (global.set $escaped (i32.const 0))
    (local.set $at (call $skipString (local.get $name) (local.get $end)))
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
    (if (global.get $escaped) (then (return (i32.const 0x80000000))))
    (global.set $headNode (call $member (local.get $members) (local.get $name) (i32.sub (local.get $at) (i32.const 1))))
    (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
    (if (i32.ne (call $byte (local.get $at)) (i32.const 58)) (then (return (i32.xor (local.get $at) (i32.const -1)))))
    (local.set $at (call $skipBlanks (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
    (local.set $isString (i32.eq (call $byte (local.get $at)) (i32.const 34)))
    (global.set $headKind (i32.sub
      (select (i32.const 3) (i32.const 1) (global.get $headNode))
      (local.get $isString)))
    (i32.add (local.get $at) (local.get $isString)))

  ;; The head that was read last, between the positions, where it is kept; 0 where it is too long, has a
  ;; newline, which is to be counted, or there is no more room.
  (func $keepHead (param $members i32) (param $from i32) (param $to i32) (result i32)
    (local $heads i32) (local $head i32) (local $length i32) (local $chain i32) (local $at i32)
    (local.set $length (i32.sub (local.get $to) (local.get $from)))
    (local.set $heads (i32.load offset=8 (local.get $members)))
    (if (i32.or (i32.eqz (local.get $heads)) (i32.gt_u (local.get $length) (i32.const 48))) (then (return (i32.const 0))))
    (local.set $at (local.get $from))
    (loop $byte
      (if (i32.eq (call $byte (local.get $at)) (i32.const 10)) (then (return (i32.const 0))))
      (br_if $byte (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (local.get $to))))
    (local.set $chain (i32.add (local.get $heads) (i32.shl
      (i32.and (call $hash (local.get $members) (local.get $from) (local.get $to)) (i32.const 63))
      (i32.const 2))))
    (local.set $head (i32.load offset=8 (local.get $chain)))
    (block $none (loop $next
      (br_if $none (i32.eqz (local.get $head)))
      (if (i32.and
            (i32.eq (i32.load offset=8 (local.get $head)) (local.get $length))
            (i32.eq (i32.load offset=20 (local.get $head)) (local.get $members)))
        (then (if (i32.eqz (v128.any_true (v128.or (v128.or
          (v128.and
            (v128.xor (v128.load offset=16777216 (local.get $from)) (v128.load offset=32 (local.get $head)))
            (v128.load offset=80 (local.get $head)))
          (v128.and
            (v128.xor (v128.load offset=16777232 (local.get $from)) (v128.load offset=48 (local.get $head)))
            (v128.load offset=96 (local.get $head))))
          (v128.and
            (v128.xor (v128.load offset=16777248 (local.get $from)) (v128.load offset=64 (local.get $head)))
            (v128.load offset=112 (local.get $head)))))) (then (return (local.get $head))))))
      (local.set $head (i32.load offset=24 (local.get $head)))
      (br $next)))
    (local.set $head (i32.load (local.get $heads)))
    (if (i32.ge_u (local.get $head) (i32.load offset=4 (local.get $heads))) (then (return (i32.const 0))))
    (i32.store (local.get $heads) (i32.add (local.get $head) (i32.const 128)))
    (i32.store offset=8 (local.get $head) (local.get $length))
    (i32.store offset=12 (local.get $head) (global.get $headKind))
    (i32.store offset=16 (local.get $head) (global.get $headNode))
    (i32.store offset=20 (local.get $head) (local.get $members))
    (i32.store offset=24 (local.get $head) (i32.load offset=8 (local.get $chain)))
    (i32.store offset=8 (local.get $chain) (local.get $head))
    (memory.copy (i32.add (local.get $head) (i32.const 32)) (i32.add (local.get $from) (i32.const 16777216)) (local.get $length))
    (memory.fill (i32.add (local.get $head) (i32.const 80)) (i32.const 255) (local.get $length))
    (local.get $head))

  (func $walkArray (param $elements i32) (param $count i32) (param $at i32) (param $end i32) (result i32)
    (local $child i32) (local $c i32)
    (local.set $count (i32.add (local.get $elements) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
    (if (i32.eq (call $byte (local.get $at)) (i32.const 93)) (then (return (i32.add (local.get $at) (i32.const 1)))))
    (loop $next
      (local.set $child (i32.const 0))
      (if (i32.lt_u (local.get $elements) (local.get $count)) (then
        (local.set $child (i32.load (local.get $elements)))
        (local.set $elements (i32.add (local.get $elements) (i32.const 4)))))
      (if (i32.and (call $class (call $byte (local.get $at))) (i32.const 1)) (then
        (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))))
      (if (local.get $child)
        (then (local.set $at (call $walkValue (local.get $child) (local.get $at) (local.get $end))))
        (else (local.set $at (call $skipValue (local.get $at) (local.get $end)))))
      (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
      (local.set $c (call $byte (local.get $at)))
      (if (i32.ne (local.get $c) (i32.const 44)) (then
        (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
        (local.set $c (call $byte (local.get $at)))
        (if (i32.eq (local.get $c) (i32.const 93)) (then (return (i32.add (local.get $at) (i32.const 1)))))
        (if (i32.ne (local.get $c) (i32.const 44)) (then (return (i32.xor (local.get $at) (i32.const -1)))))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next))
    (unreachable))

  ;; Walks over the array at $at and notes what is wanted of each element, one behind the other. Where there
  ;; is no room for them, nothing is noted.
  (func $walkEach (param $node i32) (param $at i32) (param $end i32) (result i32)
    (local $child i32) (local $start i32) (local $bytes i32) (local $first i32) (local $next i32)
    (local $record i32) (local $row i32) (local $c i32) (local $newlines i32)
    (local.set $child (i32.load offset=24 (local.get $node)))
    (local.set $bytes (i32.mul (i32.load offset=28 (local.get $node)) (i32.const 24)))
    (local.set $first (i32.load offset=2060 (global.get $scratch)))
    (local.set $next (local.get $first))
    (local.set $record (global.get $record))
    (local.set $row (global.get $row))
    (local.set $start (local.get $at))
    (local.set $newlines (i32.load offset=2052 (global.get $scratch)))
    (local.set $at (call $skipBlanks (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
    (global.set $around (i32.const 1))
    (block $out
      (br_if $out (i32.eq (call $byte (local.get $at)) (i32.const 93)))
      (loop $element
        (if (i32.gt_u (i32.add (local.get $next) (local.get $bytes)) (i32.load offset=2064 (global.get $scratch))) (then
          (global.set $record (local.get $record))
          (global.set $row (local.get $row))
          (global.set $around (i32.const 0))
          (i32.store offset=2052 (global.get $scratch) (local.get $newlines))
          (return (call $skipValue (local.get $start) (local.get $end)))))
        (memory.fill (local.get $next) (i32.const 0) (local.get $bytes))
        (call $nextRecord)
        (global.set $row (local.get $next))
        (local.set $next (i32.add (local.get $next) (local.get $bytes)))
        (if (i32.and (call $class (call $byte (local.get $at))) (i32.const 1)) (then
          (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))))
        (local.set $at (call $walkValue (local.get $child) (local.get $at) (local.get $end)))
        ;; Who gets that walks over all of the record again.
        (if (i32.lt_s (local.get $at) (i32.const 0)) (then
          (global.set $around (i32.const 0))
          (return (local.get $at))))
        (local.set $c (call $byte (local.get $at)))
        (if (i32.ne (local.get $c) (i32.const 44)) (then
          (local.set $at (call $skipBlanks (local.get $at) (local.get $end)))
          (local.set $c (call $byte (local.get $at)))
          (br_if $out (i32.eq (local.get $c) (i32.const 93)))
          (if (i32.ne (local.get $c) (i32.const 44)) (then
            (global.set $around (i32.const 0))
            (return (i32.xor (local.get $at) (i32.const -1)))))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $element)))
    (global.set $around (i32.const 0))
    (global.set $record (local.get $record))
    (global.set $row (local.get $row))
    (i32.store offset=2060 (global.get $scratch) (local.get $next))
    (local.set $row (i32.add (local.get $row) (i32.mul (i32.load (local.get $node)) (i32.const 24))))
    (i32.store offset=16 (local.get $row) (i32.shr_u (local.get $first) (i32.const 2)))
    (i32.store offset=20 (local.get $row) (i32.div_u (i32.sub (local.get $next) (local.get $first)) (local.get $bytes)))
    (i32.add (local.get $at) (i32.const 1)))

  ;; Strings that have codes are known by a table of words: 12 bits of the hash above where among the
  ;; bytes the string is, in steps of 16; 0 where there is none. There are 0 its length, 4 its tag, 8 its
  ;; code, 12 its hash, 16 its bytes. The table is as small as it can be while half of it is free, which
  ;; keeps it in the processor's cache. When it is as large as it may be, it is emptied, or no more strings
  ;; are made known where another thread may be looking for them. That sees each of them whole or not at all.

  (func $hash (param $tag i32) (param $at i32) (param $end i32) (result i32)
    (local $h i64) (local $v v128)
    (local.set $h (i64.or
      (i64.shl (i64.extend_i32_u (local.get $tag)) (i64.const 32))
      (i64.extend_i32_u (i32.sub (local.get $end) (local.get $at)))))
    (block $out (loop $block
      (br_if $out (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $v (call $part (local.get $at) (local.get $end)))
      (local.set $h (i64.mul (i64.xor (local.get $h) (i64x2.extract_lane 0 (local.get $v))) (i64.const 0x9e3779b97f4a7c15)))
      (local.set $h (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 32))))
      (local.set $h (i64.mul (i64.xor (local.get $h) (i64x2.extract_lane 1 (local.get $v))) (i64.const 0xc2b2ae3d27d4eb4f)))
      (local.set $h (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 29))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $block)))
    (i32.wrap_i64 (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 32)))))

  ;; 16 bytes of the text, zeros from $end on.
  (func $part (param $at i32) (param $end i32) (result v128)
    (local $rest i32)
    (local.set $rest (i32.sub (local.get $end) (local.get $at)))
    (if (result v128) (i32.ge_u (local.get $rest) (i32.const 16))
      (then (v128.load offset=16777216 (local.get $at)))
      (else (v128.and
        (v128.load offset=16777216 (local.get $at))
        (i8x16.lt_u (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15) (i8x16.splat (local.get $rest)))))))

  ;; The code of a string; -1 where it is not known.
  (func $known (param $tag i32) (param $start i32) (param $end i32) (result i32)
    (local $hash i32) (local $slot i32) (local $entry i32) (local $text i32) (local $at i32)
    (local $probe i32) (local $mask i32)
    (local.set $mask (i32.atomic.load (i32.const 2312)))
    (local.set $hash (call $hash (local.get $tag) (local.get $start) (local.get $end)))
    (local.set $slot (local.get $hash))
    (loop $next
      (local.set $slot (i32.and (local.get $slot) (local.get $mask)))
      (local.set $entry (i32.atomic.load offset=2424832 (i32.shl (local.get $slot) (i32.const 2))))
      (if (i32.eqz (local.get $entry)) (then (return (i32.const -1))))
      (block $differs
        (br_if $differs (i32.shr_u (i32.xor (local.get $entry) (local.get $hash)) (i32.const 20)))
        (local.set $text (i32.shl (i32.and (local.get $entry) (i32.const 0xfffff)) (i32.const 4)))
        (br_if $differs (i32.ne (i32.load (local.get $text)) (i32.sub (local.get $end) (local.get $start))))
        (br_if $differs (i32.ne (i32.load offset=4 (local.get $text)) (local.get $tag)))
        (local.set $entry (local.get $text))
        (local.set $at (local.get $start))
        (block $same (loop $block
          (br_if $same (i32.ge_u (local.get $at) (local.get $end)))
          (local.set $text (i32.add (local.get $text) (i32.const 16)))
          (br_if $differs (v128.any_true (v128.xor
            (call $part (local.get $at) (local.get $end))
            (v128.load (local.get $text)))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $block)))
        (return (i32.load offset=8 (local.get $entry))))
      (local.set $slot (i32.add (local.get $slot) (i32.const 1)))
      (br_if $next (i32.lt_u (local.tee $probe (i32.add (local.get $probe) (i32.const 1))) (i32.const 64))))
    (i32.const -1))

  ;; Makes a string of a length up to 4096 known.
  (func (export "remember") (param $tag i32) (param $start i32) (param $end i32) (param $code i32)
    (local $text i32) (local $hash i32) (local $behind i32)
    (if (i32.ge_s (call $known (local.get $tag) (local.get $start) (local.get $end)) (i32.const 0)) (then (return)))
    (if (i32.eqz (i32.load (i32.const 2308)))
      (then (call $emptyStrings))
      (else (if (i32.or
            (i32.eq (i32.load (i32.const 2304)) (i32.const 131072))
            (i32.gt_u (i32.add (i32.load (i32.const 2308)) (i32.const 4128)) (i32.const 15597568)))
        (then
          ;; Another thread may be looking at them.
          (if (global.get $isShared) (then (return)))
          (call $emptyStrings)))))
    (local.set $hash (call $hash (local.get $tag) (local.get $start) (local.get $end)))
    (local.set $text (i32.load (i32.const 2308)))
    (i32.store (local.get $text) (i32.sub (local.get $end) (local.get $start)))
    (i32.store offset=4 (local.get $text) (local.get $tag))
    (i32.store offset=8 (local.get $text) (local.get $code))
    (i32.store offset=12 (local.get $text) (local.get $hash))
    (local.set $behind (local.get $text))
    (block $out (loop $block
      (local.set $behind (i32.add (local.get $behind) (i32.const 16)))
      (br_if $out (i32.ge_u (local.get $start) (local.get $end)))
      (v128.store (local.get $behind) (call $part (local.get $start) (local.get $end)))
      (local.set $start (i32.add (local.get $start) (i32.const 16)))
      (br $block)))
    (call $putString (local.get $text))
    (i32.store (i32.const 2308) (local.get $behind))
    (i32.store (i32.const 2304) (i32.add (i32.load (i32.const 2304)) (i32.const 1)))
    (if (i32.and
          (i32.gt_u (i32.shl (i32.load (i32.const 2304)) (i32.const 1)) (i32.load (i32.const 2312)))
          (i32.lt_u (i32.load (i32.const 2312)) (i32.const 262143)))
      (then (call $growStrings))))

  ;; Puts a string into the table, unless too many others want its place.
  (func $putString (param $text i32)
    (local $slot i32) (local $hash i32) (local $probe i32)
    (local.set $hash (i32.load offset=12 (local.get $text)))
    (local.set $slot (local.get $hash))
    (loop $next
      (local.set $slot (i32.and (local.get $slot) (i32.load (i32.const 2312))))
      (if (i32.load offset=2424832 (i32.shl (local.get $slot) (i32.const 2))) (then
        (local.set $slot (i32.add (local.get $slot) (i32.const 1)))
        (br_if $next (i32.lt_u (local.tee $probe (i32.add (local.get $probe) (i32.const 1))) (i32.const 64)))
        (return))))
    ;; Whoever sees the word sees the string.
    (i32.atomic.store offset=2424832 (i32.shl (local.get $slot) (i32.const 2)) (i32.or
      (i32.and (local.get $hash) (i32.const 0xfff00000))
      (i32.shr_u (local.get $text) (i32.const 4)))))

  (func $growStrings
    (local $text i32) (local $slot i32) (local $mask i32)
    (local.set $mask (i32.add (i32.shl (i32.load (i32.const 2312)) (i32.const 2)) (i32.const 3)))
    ;; Word by word: half of one must never be seen, nor what is left from another table.
    (loop $word
      (i32.store offset=2424832 (i32.shl (local.get $slot) (i32.const 2)) (i32.const 0))
      (br_if $word (i32.le_u (local.tee $slot (i32.add (local.get $slot) (i32.const 1))) (local.get $mask))))
    (i32.atomic.store (i32.const 2312) (local.get $mask))
    (local.set $text (i32.const 3473408))
    (loop $next
      (call $putString (local.get $text))
      ;; Behind its bytes, which are in blocks of 16.
      (local.set $text (i32.add (local.get $text) (i32.add (i32.const 16)
        (i32.and (i32.add (i32.load (local.get $text)) (i32.const 15)) (i32.const -16)))))
      (br_if $next (i32.lt_u (local.get $text) (i32.load (i32.const 2308))))))

  ;; Knows no string any more. No other thread may be looking for one.
  (func $emptyStrings (export "forget")
    (i32.store (i32.const 2304) (i32.const 0))
    (i32.store (i32.const 2308) (i32.const 3473408))
    (i32.store (i32.const 2312) (i32.const 4095))
    (memory.fill (i32.const 2424832) (i32.const 0) (i32.const 16384)))

  ;; The number that four hexadecimal digits stand for.
  (func $hexadecimal (param $at i32) (result i32)
    (local $i i32) (local $c i32) (local $value i32)
    (loop $digit
      (local.set $c (call $byte (i32.add (local.get $at) (local.get $i))))
      (local.set $value (i32.add (i32.shl (local.get $value) (i32.const 4))
        (i32.add (i32.and (local.get $c) (i32.const 15)) (i32.mul (i32.shr_u (local.get $c) (i32.const 6)) (i32.const 9)))))
      (br_if $digit (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4))))
    (local.get $value))

  ;; Puts what a string stands for where the lists are, and returns its length: -1 where that is no
  ;; UTF-8, as there is half of a pair. It must have been checked, and have 40000 bytes at most.
  (func (export "unescape") (param $at i32) (param $end i32) (result i32)
    (local $out i32) (local $stop i32)
    (local.set $out (i32.add (global.get $scratch) (i32.const 20480)))
    (local.set $stop (call $unescape (local.get $at) (local.get $end) (local.get $out)))
    (select (i32.const -1) (i32.sub (local.get $stop) (local.get $out)) (i32.lt_s (local.get $stop) (i32.const 0))))

  ;; Puts what a string stands for at the address $out, and returns the address behind it; -1 where that is
  ;; no UTF-8. It must have been checked; of what is behind $out as many bytes as it has, and 16 more, are lost.
  (func $unescape (param $at i32) (param $end i32) (param $out i32) (result i32)
    (local $v v128) (local $is v128) (local $drop i32) (local $taken i32) (local $c i32) (local $low i32)
    (block $done (loop $next
      (local.set $taken (i32.sub (local.get $end) (local.get $at)))
      (br_if $done (i32.le_s (local.get $taken) (i32.const 0)))
      (local.set $v (v128.load offset=16777216 (local.get $at)))
      (local.set $drop (i8x16.bitmask (i8x16.eq (local.get $v) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92))))
      (if (i32.eqz (local.get $drop)) (then
        (v128.store (local.get $out) (local.get $v))
        (if (i32.gt_s (local.get $taken) (i32.const 16)) (then (local.set $taken (i32.const 16))))
        (local.set $at (i32.add (local.get $at) (local.get $taken)))
        (local.set $out (i32.add (local.get $out) (local.get $taken)))
        (br $next)))
      ;; Of a run of backslashes the first, the third and so on; a difference borrows through it.
      (local.set $drop (i32.and (local.get $drop)
        (i32.xor (i32.const 0xaaaaaaaa) (i32.sub
          (i32.or (i32.shl (local.get $drop) (i32.const 1)) (i32.const 0xaaaaaaaa))
          (local.get $drop)))))
      ;; The bytes behind those.
      (local.set $is (v128.and
        (i8x16.swizzle (i16x8.splat (i32.shl (local.get $drop) (i32.const 1))) (v128.const i8x16 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1))
        (v128.const i8x16 1 2 4 8 16 32 64 -128 1 2 4 8 16 32 64 -128)))
      (local.set $is (i8x16.ne (local.get $is) (v128.const i64x2 0 0)))
      ;; One that is the last byte is left to the next block.
      (local.set $c (i32.sub (i32.const 16) (i32.shr_u (local.get $drop) (i32.const 15))))
      (if (i32.gt_s (local.get $taken) (local.get $c)) (then (local.set $taken (local.get $c))))
      (local.set $c (i8x16.bitmask (v128.and (local.get $is)
        (i8x16.eq (local.get $v) (v128.const i8x16 117 117 117 117 117 117 117 117 117 117 117 117 117 117 117 117)))))
      (block $code
        (if (local.get $c) (then
          (local.set $c (i32.sub (i32.ctz (local.get $c)) (i32.const 1)))
          (br_if $code (i32.eqz (local.get $c)))
          (if (i32.gt_s (local.get $taken) (local.get $c)) (then (local.set $taken (local.get $c))))))
        ;; b f n r t stand for others, the rest for themselves.
        (local.set $v (v128.bitselect
          (i8x16.swizzle (v128.const i8x16 0 8 0 12 0 0 0 10 0 13 9 0 0 0 0 0)
            (v128.and (i8x16.shr_u (local.get $v) (i32.const 1)) (v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15)))
          (local.get $v)
          (v128.and (local.get $is)
            (i8x16.gt_u (local.get $v) (v128.const i8x16 96 96 96 96 96 96 96 96 96 96 96 96 96 96 96 96)))))
        (local.set $drop (i32.and (local.get $drop) (i32.sub (i32.shl (i32.const 1) (local.get $taken)) (i32.const 1))))
        (local.set $c (i32.and (local.get $drop) (i32.const 255)))
        (v128.store64_lane 0 (local.get $out) (i8x16.swizzle (local.get $v)
          (v128.load64_zero offset=65536 (i32.shl (local.get $c) (i32.const 3)))))
        (v128.store64_lane 0 (i32.sub (i32.add (local.get $out) (i32.const 8)) (i32.popcnt (local.get $c)))
          (i8x16.swizzle (local.get $v) (v128.or (v128.const i8x16 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8)
            (v128.load64_zero offset=65536 (i32.shl (i32.shr_u (local.get $drop) (i32.const 8)) (i32.const 3))))))
        (local.set $at (i32.add (local.get $at) (local.get $taken)))
        (local.set $out (i32.add (local.get $out) (i32.sub (local.get $taken) (i32.popcnt (local.get $drop)))))
        (br $next))
      (local.set $c (call $hexadecimal (i32.add (local.get $at) (i32.const 2))))
      (local.set $at (i32.add (local.get $at) (i32.const 6)))
      (if (i32.lt_u (local.get $c) (i32.const 0x80)) (then
        (i32.store8 (local.get $out) (local.get $c))
        (local.set $out (i32.add (local.get $out) (i32.const 1)))
        (br $next)))
      (if (i32.lt_u (local.get $c) (i32.const 0x800)) (then
        (i32.store8 (local.get $out) (i32.or (i32.const 0xc0) (i32.shr_u (local.get $c) (i32.const 6))))
        (i32.store8 offset=1 (local.get $out) (i32.or (i32.const 0x80) (i32.and (local.get $c) (i32.const 63))))
        (local.set $out (i32.add (local.get $out) (i32.const 2)))
        (br $next)))
      (if (i32.ne (i32.and (local.get $c) (i32.const 0xf800)) (i32.const 0xd800)) (then
        (i32.store8 (local.get $out) (i32.or (i32.const 0xe0) (i32.shr_u (local.get $c) (i32.const 12))))
        (i32.store8 offset=1 (local.get $out) (i32.or (i32.const 0x80) (i32.and (i32.shr_u (local.get $c) (i32.const 6)) (i32.const 63))))
        (i32.store8 offset=2 (local.get $out) (i32.or (i32.const 0x80) (i32.and (local.get $c) (i32.const 63))))
        (local.set $out (i32.add (local.get $out) (i32.const 3)))
        (br $next)))
      ;; The first half of a pair, and the second right behind.
      (if (i32.or
            (i32.ge_u (local.get $c) (i32.const 0xdc00))
            (i32.or
              (i32.gt_u (i32.add (local.get $at) (i32.const 6)) (local.get $end))
              (i32.ne (i32.load16_u offset=16777216 (local.get $at)) (i32.const 0x755c))))
        (then (return (i32.const -1))))
      (local.set $low (call $hexadecimal (i32.add (local.get $at) (i32.const 2))))
      (if (i32.ne (i32.and (local.get $low) (i32.const 0xfc00)) (i32.const 0xdc00)) (then (return (i32.const -1))))
      (local.set $at (i32.add (local.get $at) (i32.const 6)))
      (local.set $c (i32.add (i32.const 0x10000) (i32.or
        (i32.shl (i32.and (local.get $c) (i32.const 0x3ff)) (i32.const 10))
        (i32.and (local.get $low) (i32.const 0x3ff)))))
      (i32.store8 (local.get $out) (i32.or (i32.const 0xf0) (i32.shr_u (local.get $c) (i32.const 18))))
      (i32.store8 offset=1 (local.get $out) (i32.or (i32.const 0x80) (i32.and (i32.shr_u (local.get $c) (i32.const 12)) (i32.const 63))))
      (i32.store8 offset=2 (local.get $out) (i32.or (i32.const 0x80) (i32.and (i32.shr_u (local.get $c) (i32.const 6)) (i32.const 63))))
      (i32.store8 offset=3 (local.get $out) (i32.or (i32.const 0x80) (i32.and (local.get $c) (i32.const 63))))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br $next)))
    (local.get $out))

  ;; For each of the 256 sets of 8 bytes where those are that are not in it.
  (func $placeKept
    (local $set i32) (local $bit i32) (local $out i32)
    (loop $next
      (local.set $out (i32.shl (local.get $set) (i32.const 3)))
      (local.set $bit (i32.const 0))
      (loop $byte
        (if (i32.eqz (i32.and (i32.shr_u (local.get $set) (local.get $bit)) (i32.const 1))) (then
          (i32.store8 offset=65536 (local.get $out) (local.get $bit))
          (local.set $out (i32.add (local.get $out) (i32.const 1)))))
        (br_if $byte (i32.lt_u (local.tee $bit (i32.add (local.get $bit) (i32.const 1))) (i32.const 8))))
      (br_if $next (i32.lt_u (local.tee $set (i32.add (local.get $set) (i32.const 1))) (i32.const 256)))))
  (start $placeKept)

  (func $pair (param $at i32) (result i32)
    (i32.add (i32.mul (i32.sub (call $byte (local.get $at)) (i32.const 48)) (i32.const 10))
      (i32.sub (call $byte (i32.add (local.get $at) (i32.const 1))) (i32.const 48))))

  ;; Puts the ticks of a time in UTC behind what was found at $slot, and 1 for its code; nothing where
  ;; it is written in another way than yyyy-mm-ddThh:mm:ss.fffffffZ, whose fraction may be shorter.
  (func $ticks (param $at i32) (param $end i32) (param $slot i32)
    (local $i i32) (local $c i32) (local $year i32) (local $month i32) (local $day i32)
    (local $hour i32) (local $minute i32) (local $second i32) (local $fraction i32) (local $leap i32)
    (local.set $i (i32.sub (local.get $end) (local.get $at)))
    (if (i32.or (i32.lt_u (local.get $i) (i32.const 20)) (i32.gt_u (local.get $i) (i32.const 28))) (then (return)))
    ;; dddd-dd-ddTdd:dd of the first 16 bytes, :dd behind
    (if (i32.ne (i32.const 0xffff) (i8x16.bitmask (i8x16.le_u
          (i8x16.sub (v128.load offset=16777216 (local.get $at)) (v128.const i8x16 48 48 48 48 45 48 48 45 48 48 84 48 48 58 48 48))
          (v128.const i8x16 9 9 9 9 0 9 9 0 9 9 0 9 9 0 9 9))))
      (then (return)))
    (if (i32.eqz (i32.and
          (i32.eq (call $byte (i32.add (local.get $at) (i32.const 16))) (i32.const 58))
          (i32.and (call $isDigit (i32.add (local.get $at) (i32.const 17))) (call $isDigit (i32.add (local.get $at) (i32.const 18))))))
      (then (return)))
    (local.set $year (i32.add (i32.mul (call $pair (local.get $at)) (i32.const 100)) (call $pair (i32.add (local.get $at) (i32.const 2)))))
    (local.set $month (call $pair (i32.add (local.get $at) (i32.const 5))))
    (local.set $day (call $pair (i32.add (local.get $at) (i32.const 8))))
    (local.set $hour (call $pair (i32.add (local.get $at) (i32.const 11))))
    (local.set $minute (call $pair (i32.add (local.get $at) (i32.const 14))))
    (local.set $second (call $pair (i32.add (local.get $at) (i32.const 17))))
    (if (i32.or (i32.or (i32.or (i32.eqz (local.get $year)) (i32.gt_u (i32.sub (local.get $month) (i32.const 1)) (i32.const 11)))
                        (i32.or (i32.gt_u (i32.sub (local.get $day) (i32.const 1)) (i32.const 30)) (i32.gt_u (local.get $hour) (i32.const 23))))
                (i32.or (i32.gt_u (local.get $minute) (i32.const 59)) (i32.gt_u (local.get $second) (i32.const 59))))
      (then (return)))
    (local.set $leap (i32.and (i32.eqz (i32.and (local.get $year) (i32.const 3)))
      (i32.or (i32.ne (i32.rem_u (local.get $year) (i32.const 100)) (i32.const 0)) (i32.eqz (i32.rem_u (local.get $year) (i32.const 400))))))
    (if (i32.gt_u (local.get $day) (i32.const 28)) (then
      (if (i32.gt_u (local.get $day) (i32.add
            (i32.sub
              (i32.load16_u offset=3840 (i32.shl (local.get $month) (i32.const 1)))
              (i32.load16_u offset=3838 (i32.shl (local.get $month) (i32.const 1))))
            (i32.and (local.get $leap) (i32.eq (local.get $month) (i32.const 2)))))
        (then (return)))))
    ;; The fraction in ticks, then Z.
    (local.set $i (i32.add (local.get $at) (i32.const 19)))
    (local.set $c (i32.const 10000000))
    (if (i32.eq (call $byte (local.get $i)) (i32.const 46)) (then
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (if (i32.eqz (call $isDigit (local.get $i))) (then (return)))
      (loop $digit
        (local.set $c (i32.div_u (local.get $c) (i32.const 10)))
        (local.set $fraction (i32.add (local.get $fraction) (i32.mul (local.get $c) (i32.sub (call $byte (local.get $i)) (i32.const 48)))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $digit (i32.and (i32.lt_u (local.get $i) (local.get $end)) (call $isDigit (local.get $i)))))))
    (if (i32.ne (local.get $i) (i32.sub (local.get $end) (i32.const 1))) (then (return)))
    (if (i32.ne (call $byte (local.get $i)) (i32.const 90)) (then (return)))
    ;; Days before the year, the month and the day.
    (local.set $c (i32.sub (local.get $year) (i32.const 1)))
    (local.set $day (i32.add
      (i32.add
        (i32.add (i32.mul (local.get $c) (i32.const 365)) (i32.shr_u (local.get $c) (i32.const 2)))
        (i32.sub (i32.div_u (local.get $c) (i32.const 400)) (i32.div_u (local.get $c) (i32.const 100))))
      (i32.add
        (i32.add (i32.load16_u offset=3838 (i32.shl (local.get $month) (i32.const 1)))
                 (i32.and (local.get $leap) (i32.gt_u (local.get $month) (i32.const 2))))
        (i32.sub (local.get $day) (i32.const 1)))))
    (i64.store offset=16 (local.get $slot) (i64.add
      (i64.mul (i64.extend_i32_u (local.get $day)) (i64.const 864000000000))
      (i64.add
        (i64.mul
          (i64.extend_i32_u (i32.add (i32.mul (i32.add (i32.mul (local.get $hour) (i32.const 60)) (local.get $minute)) (i32.const 60)) (local.get $second)))
          (i64.const 10000000))
        (i64.extend_i32_u (local.get $fraction)))))
    (i32.store offset=12 (local.get $slot) (i32.const 1)))

  ;; Looks through the lines from $at to $end, which is behind a newline, for those that may matter, and
  ;; lists them from 20480 on: where each begins and ends, and how many lines precede it. Returns the
  ;; position after the last line that was looked through: not $end where there was no room for more.
  ;;
  ;; A pattern has 128 bytes: two bytes of its text, the one before first, each 16 times (0, 32) with the bits that are set
  ;; in what is compared with them (16, 48), their positions in it (64, 68), its length (72), whether it is
  ;; a name of the time (76), and the text itself (80). A line may matter if for each of the masks
  ;; of $needs it has one of the texts, and a time not surely out of the range, or if letters may be in
  ;; its escapes, or if it is not in braces. Where times inside of the range do not matter, it may matter
  ;; if it has the texts, or a time not surely inside. $late more patterns, from 4096 on, are looked for in
  ;; lines that may matter by those: a line needs one of each up to one that is the last of its need (at 76: 2).
  ;; Whether the text of a pattern is at $at, of which more can be read than it has.
  (func $matches (param $pattern i32) (param $at i32) (result i32)
    (local $i i32) (local $n i32) (local $m i32) (local $fold v128) (local $v v128)
    (local.set $n (i32.load offset=72 (local.get $pattern)))
    (local.set $fold (i8x16.splat (select (i32.const 0) (i32.const 32)
      (i32.and (i32.load offset=76 (local.get $pattern)) (i32.const 1)))))
    (loop $l
      (local.set $v (v128.load offset=16777216 (i32.add (local.get $at) (local.get $i))))
      ;; A to Z in lower case
      (local.set $v (v128.or (local.get $v) (v128.and (local.get $fold)
        (i8x16.lt_u (i8x16.sub (local.get $v) (i8x16.splat (i32.const 65))) (i8x16.splat (i32.const 26))))))
      (local.set $m (i32.xor (i32.const 0xffff) (i8x16.bitmask (i8x16.eq
        (local.get $v) (v128.load offset=80 (i32.add (local.get $pattern) (local.get $i)))))))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      ;; What differs behind its end does not count.
      (if (i32.ge_u (local.get $i) (local.get $n)) (then
        (return (i32.ge_u
          (i32.add (i32.sub (local.get $i) (i32.const 16)) (i32.ctz (i32.or (local.get $m) (i32.const 0x10000))))
          (local.get $n)))))
      (br_if $l (i32.eqz (local.get $m))))
    (i32.const 0))

  ;; Whether the escape \u at $at may stand for an ASCII letter, a digit or a backslash, or is printed with one, as \t is.
  (func $hides (param $at i32) (result i32)
    (local $c i32)
    (if (i32.ne (i32.load16_u offset=16777218 (local.get $at)) (i32.const 0x3030)) (then (return (i32.const 0))))
    (local.set $c (call $byte (i32.add (local.get $at) (i32.const 4))))
    (if (i32.eq (local.get $c) (i32.const 51)) (then
      (return (i32.lt_u (i32.sub (call $byte (i32.add (local.get $at) (i32.const 5))) (i32.const 48)) (i32.const 10)))))
    (if (i32.eq (local.get $c) (i32.const 48)) (then
      (local.set $c (call $byte (i32.add (local.get $at) (i32.const 5))))
      (return (i32.or
        (i32.lt_u (i32.sub (local.get $c) (i32.const 56)) (i32.const 2))
        (i32.lt_u (i32.sub (i32.or (local.get $c) (i32.const 32)) (i32.const 97)) (i32.const 4))))))
    (i32.lt_u (i32.sub (local.get $c) (i32.const 52)) (i32.const 4)))

  ;; Below 0, 0 or above: the 19 bytes at $at against those at $bound
  (func $compare (param $at i32) (param $bound i32) (result i32)
    (local $i i32) (local $d i32)
    (local.set $i (i32.ctz (i32.xor (i32.const 0x1ffff)
      (i8x16.bitmask (i8x16.eq (v128.load offset=16777216 (local.get $at)) (v128.load (local.get $bound)))))))
    (loop $l
      (local.set $d (i32.sub (call $byte (i32.add (local.get $at) (local.get $i))) (i32.load8_u (i32.add (local.get $bound) (local.get $i)))))
      (if (local.get $d) (then (return (local.get $d))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 19))))
    (i32.const 0))

  (func $isDigit (param $at i32) (result i32)
    (i32.lt_u (i32.sub (call $byte (local.get $at)) (i32.const 48)) (i32.const 10)))

  ;; Whether what follows a name is a time in UTC that does not matter: out of the range, or inside of
  ;; it; at 3600 the least second, at 3632 the greatest.
  (func $isOut (param $at i32) (result i32)
    (local $v v128)
    ;; :"
    (if (i32.ne (i32.load16_u offset=16777216 (local.get $at)) (i32.const 0x223a)) (then (return (i32.const 0))))
    (local.set $at (i32.add (local.get $at) (i32.const 2)))
    ;; dddd-dd-ddTdd:dd, then :dd
    (local.set $v (v128.load offset=16777216 (local.get $at)))
    (if (i32.ne
          (i32.or
            (i8x16.bitmask (i8x16.eq (local.get $v) (v128.const i8x16 0 0 0 0 45 0 0 45 0 0 84 0 0 58 0 0)))
            (i8x16.bitmask (v128.and
              (i8x16.lt_u (i8x16.sub (local.get $v) (i8x16.splat (i32.const 48))) (i8x16.splat (i32.const 10)))
              (v128.const i8x16 -1 -1 -1 -1 0 -1 -1 0 -1 -1 0 -1 -1 0 -1 -1))))
          (i32.const 0xffff))
      (then (return (i32.const 0))))
    (if (i32.eqz (i32.and
          (i32.eq (call $byte (i32.add (local.get $at) (i32.const 16))) (i32.const 58))
          (i32.and
            (call $isDigit (i32.add (local.get $at) (i32.const 17)))
            (call $isDigit (i32.add (local.get $at) (i32.const 18))))))
      (then (return (i32.const 0))))
    (if (i32.ne
          (i32.load8_u (i32.const 3704))
          (i32.and
            (i32.ge_s (call $compare (local.get $at) (i32.const 3600)) (i32.const 0))
            (i32.le_s (call $compare (local.get $at) (i32.const 3632)) (i32.const 0))))
      (then (return (i32.const 0))))
    (local.set $at (i32.add (local.get $at) (i32.const 19)))
    (if (i32.eq (call $byte (local.get $at)) (i32.const 46)) (then
      (loop $d
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $d (call $isDigit (local.get $at))))))
    ;; Z"
    (i32.eq (i32.load16_u offset=16777216 (local.get $at)) (i32.const 0x225a)))

  ;; What is seen with a time behind its name: that it does not matter, or may matter.
  (func $seenTime (param $at i32) (result i32)
    (select (i32.const 0x100) (i32.const 0x200) (call $isOut (local.get $at))))

  ;; What is seen with a time at $at behind the name that the pattern has, or behind the other one; 0 with none.
  (func $timeSeen (param $q i32) (param $at i32) (result i32)
    (if (i32.eqz (call $matches (local.get $q) (local.get $at))) (then
      (local.set $q (i32.const 3712))
      (if (i32.eqz (i32.load offset=72 (local.get $q))) (then (return (i32.const 0))))
      (if (i32.eqz (call $matches (local.get $q) (local.get $at))) (then (return (i32.const 0))))))
    (call $seenTime (i32.add (local.get $at) (i32.load offset=72 (local.get $q)))))

  (func (export "lines") (param $at i32) (param $end i32) (param $patterns i32) (param $needs i32) (param $late i32) (result i32)
    (local $line i32) (local $seen i32) (local $out i32) (local $lines i32)
    (local $q i32) (local $last i32) (local $mask i64) (local $p i32) (local $c i32) (local $bit i32)
    (local $newline v128) (local $backslash v128) (local $u v128)
    (local $c1 v128) (local $m1 v128) (local $c2 v128) (local $m2 v128) (local $o1 i32) (local $o2 i32)
    (local $d1 v128) (local $n1 v128) (local $d2 v128) (local $n2 v128) (local $a1 i32) (local $a2 i32)
    (local $folds i32) (local $v v128) (local $v0 v128) (local $v16 v128) (local $v32 v128) (local $v48 v128)
    (local.set $newline (i8x16.splat (i32.const 10)))
    (local.set $backslash (i8x16.splat (i32.const 92)))
    (local.set $u (i8x16.splat (i32.const 117)))
    ;; The first pattern is at hand in locals, and found where its first probe is.
    (local.set $c1 (v128.load (i32.const 2560)))
    (local.set $m1 (v128.load (i32.const 2576)))
    (local.set $c2 (v128.load (i32.const 2592)))
    (local.set $m2 (v128.load (i32.const 2608)))
    (local.set $o1 (i32.load (i32.const 2624)))
    (local.set $o2 (i32.sub (i32.load (i32.const 2628)) (local.get $o1)))
    (local.set $folds (v128.any_true (v128.or (local.get $m1) (local.get $m2))))
    (local.set $line (local.get $at))
    (local.set $out (i32.add (global.get $scratch) (i32.const 20480)))
    (local.set $last (i32.add (i32.const 2560) (i32.shl (local.get $patterns) (i32.const 7))))
    (block $full
      (loop $block
        (br_if $full (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $a2 (i32.add (local.get $at) (local.get $o2)))
        (if (local.get $folds)
          (then
            (local.set $v (v128.load offset=16777216 (local.get $at)))
            (local.set $v0 (v128.or
              (v128.or (i8x16.eq (local.get $v) (local.get $newline))
                (v128.and (i8x16.eq (local.get $v) (local.get $backslash))
                  (i8x16.eq (v128.load offset=16777217 (local.get $at)) (local.get $u))))
              (v128.and
                (i8x16.eq (v128.or (local.get $v) (local.get $m1)) (local.get $c1))
                (i8x16.eq (v128.or (v128.load offset=16777216 (local.get $a2)) (local.get $m2)) (local.get $c2)))))
            (local.set $v (v128.load offset=16777232 (local.get $at)))
            (local.set $v16 (v128.or
              (v128.or (i8x16.eq (local.get $v) (local.get $newline))
                (v128.and (i8x16.eq (local.get $v) (local.get $backslash))
                  (i8x16.eq (v128.load offset=16777233 (local.get $at)) (local.get $u))))
              (v128.and
                (i8x16.eq (v128.or (local.get $v) (local.get $m1)) (local.get $c1))
                (i8x16.eq (v128.or (v128.load offset=16777232 (local.get $a2)) (local.get $m2)) (local.get $c2)))))
            (local.set $v (v128.load offset=16777248 (local.get $at)))
            (local.set $v32 (v128.or
              (v128.or (i8x16.eq (local.get $v) (local.get $newline))
                (v128.and (i8x16.eq (local.get $v) (local.get $backslash))
                  (i8x16.eq (v128.load offset=16777249 (local.get $at)) (local.get $u))))
              (v128.and
                (i8x16.eq (v128.or (local.get $v) (local.get $m1)) (local.get $c1))
                (i8x16.eq (v128.or (v128.load offset=16777248 (local.get $a2)) (local.get $m2)) (local.get $c2)))))
            (local.set $v (v128.load offset=16777264 (local.get $at)))
            (local.set $v48 (v128.or
              (v128.or (i8x16.eq (local.get $v) (local.get $newline))
                (v128.and (i8x16.eq (local.get $v) (local.get $backslash))
                  (i8x16.eq (v128.load offset=16777265 (local.get $at)) (local.get $u))))
              (v128.and
                (i8x16.eq (v128.or (local.get $v) (local.get $m1)) (local.get $c1))
                (i8x16.eq (v128.or (v128.load offset=16777264 (local.get $a2)) (local.get $m2)) (local.get $c2))))))
          (else
            (local.set $v (v128.load offset=16777216 (local.get $at)))
            (local.set $v0 (v128.or
              (v128.or (i8x16.eq (local.get $v) (local.get $newline))
                (v128.and (i8x16.eq (local.get $v) (local.get $backslash))
                  (i8x16.eq (v128.load offset=16777217 (local.get $at)) (local.get $u))))
              (v128.and
                (i8x16.eq (local.get $v) (local.get $c1))
                (i8x16.eq (v128.load offset=16777216 (local.get $a2)) (local.get $c2)))))
            (local.set $v (v128.load offset=16777232 (local.get $at)))
            (local.set $v16 (v128.or
              (v128.or (i8x16.eq (local.get $v) (local.get $newline))
                (v128.and (i8x16.eq (local.get $v) (local.get $backslash))
                  (i8x16.eq (v128.load offset=16777233 (local.get $at)) (local.get $u))))
              (v128.and
                (i8x16.eq (local.get $v) (local.get $c1))
                (i8x16.eq (v128.load offset=16777232 (local.get $a2)) (local.get $c2)))))
            (local.set $v (v128.load offset=16777248 (local.get $at)))
            (local.set $v32 (v128.or
              (v128.or (i8x16.eq (local.get $v) (local.get $newline))
                (v128.and (i8x16.eq (local.get $v) (local.get $backslash))
                  (i8x16.eq (v128.load offset=16777249 (local.get $at)) (local.get $u))))
              (v128.and
                (i8x16.eq (local.get $v) (local.get $c1))
                (i8x16.eq (v128.load offset=16777248 (local.get $a2)) (local.get $c2)))))
            (local.set $v (v128.load offset=16777264 (local.get $at)))
            (local.set $v48 (v128.or
              (v128.or (i8x16.eq (local.get $v) (local.get $newline))
                (v128.and (i8x16.eq (local.get $v) (local.get $backslash))
                  (i8x16.eq (v128.load offset=16777265 (local.get $at)) (local.get $u))))
              (v128.and
                (i8x16.eq (local.get $v) (local.get $c1))
                (i8x16.eq (v128.load offset=16777264 (local.get $a2)) (local.get $c2)))))))
        (if (i32.gt_u (local.get $patterns) (i32.const 1)) (then
          (local.set $q (i32.const 2688))
          (loop $pattern
            (local.set $d1 (v128.load (local.get $q)))
            (local.set $n1 (v128.load offset=16 (local.get $q)))
            (local.set $d2 (v128.load offset=32 (local.get $q)))
            (local.set $n2 (v128.load offset=48 (local.get $q)))
            (local.set $a1 (i32.add (local.get $at) (i32.load offset=64 (local.get $q))))
            (local.set $a2 (i32.add (local.get $at) (i32.load offset=68 (local.get $q))))
            (local.set $v0 (v128.or (local.get $v0) (v128.and
              (i8x16.eq (v128.or (v128.load offset=16777216 (local.get $a1)) (local.get $n1)) (local.get $d1))
              (i8x16.eq (v128.or (v128.load offset=16777216 (local.get $a2)) (local.get $n2)) (local.get $d2)))))
            (local.set $v16 (v128.or (local.get $v16) (v128.and
              (i8x16.eq (v128.or (v128.load offset=16777232 (local.get $a1)) (local.get $n1)) (local.get $d1))
              (i8x16.eq (v128.or (v128.load offset=16777232 (local.get $a2)) (local.get $n2)) (local.get $d2)))))
            (local.set $v32 (v128.or (local.get $v32) (v128.and
              (i8x16.eq (v128.or (v128.load offset=16777248 (local.get $a1)) (local.get $n1)) (local.get $d1))
              (i8x16.eq (v128.or (v128.load offset=16777248 (local.get $a2)) (local.get $n2)) (local.get $d2)))))
            (local.set $v48 (v128.or (local.get $v48) (v128.and
              (i8x16.eq (v128.or (v128.load offset=16777264 (local.get $a1)) (local.get $n1)) (local.get $d1))
              (i8x16.eq (v128.or (v128.load offset=16777264 (local.get $a2)) (local.get $n2)) (local.get $d2)))))
            (br_if $pattern (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 128))) (local.get $last))))))
        (if (v128.any_true (v128.or (v128.or (local.get $v0) (local.get $v16)) (v128.or (local.get $v32) (local.get $v48)))) (then
          (local.set $mask (i64.or
            (i64.or
              (i64.extend_i32_u (i8x16.bitmask (local.get $v0)))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $v16))) (i64.const 16)))
            (i64.or
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $v32))) (i64.const 32))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $v48))) (i64.const 48)))))
          (loop $event
            (local.set $p (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $mask)))))
            (local.set $mask (i64.and (local.get $mask) (i64.sub (local.get $mask) (i64.const 1))))
            (br_if $full (i32.ge_u (local.get $p) (local.get $end)))
            (local.set $c (call $byte (local.get $p)))
            (if (i32.eq (local.get $c) (i32.const 10))
              (then
                (if (call $keeps (local.get $line) (local.get $p) (local.get $seen) (local.get $needs) (local.get $late)) (then
                  (i32.store (local.get $out) (local.get $line))
                  (i32.store offset=4 (local.get $out) (local.get $p))
                  (i32.store offset=8 (local.get $out) (local.get $lines))
                  (local.set $out (i32.add (local.get $out) (i32.const 12)))))
                (local.set $lines (i32.add (local.get $lines) (i32.const 1)))
                (local.set $line (i32.add (local.get $p) (i32.const 1)))
                (local.set $seen (i32.const 0))
                (br_if $full (i32.gt_u (local.get $out) (i32.add (global.get $scratch) (i32.const 65520)))))
              (else (if (i32.eq (local.get $c) (i32.const 92))
                (then (if (call $hides (local.get $p)) (then (local.set $seen (i32.or (local.get $seen) (i32.const 0x400))))))
                (else
                  (local.set $q (i32.const 2560))
                  (local.set $bit (i32.const 1))
                  ;; Only the first pattern is found by its first probe.
                  (local.set $p (i32.sub (local.get $p) (local.get $o1)))
                  (loop $try
                    (if (i32.and
                          (i32.eqz (i32.and (local.get $seen) (local.get $bit)))
                          (i32.ge_s (local.get $p) (local.get $line))) (then
                      (if (i32.load offset=76 (local.get $q))
                        (then (local.set $seen (i32.or (local.get $seen) (call $timeSeen (local.get $q) (local.get $p)))))
                        (else (if (call $matches (local.get $q) (local.get $p)) (then
                          (local.set $seen (i32.or (local.get $seen) (local.get $bit)))))))))
                    (if (i32.eq (local.get $bit) (i32.const 1)) (then (local.set $p (i32.add (local.get $p) (local.get $o1)))))
                    (local.set $bit (i32.shl (local.get $bit) (i32.const 1)))
                    (br_if $try (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 128))) (local.get $last))))))))
            (br_if $event (i64.ne (local.get $mask) (i64.const 0))))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $block)))
    (i32.store offset=2048 (global.get $scratch) (i32.div_u (i32.sub (local.get $out) (i32.add (global.get $scratch) (i32.const 20480))) (i32.const 12)))
    (i32.store offset=2056 (global.get $scratch) (local.get $lines))
    (local.get $line))

  ;; Whether a line with what was seen in it may matter. 0x100: a time that does not matter, 0x200: one
  ;; that may matter, 0x400: letters in escapes.
  (func $keeps (param $start i32) (param $end i32) (param $seen i32) (param $needs i32) (param $late i32) (result i32)
    (local $i i32) (local $inside i32)
    (if (i32.eq (local.get $start) (local.get $end)) (then (return (i32.const 0))))
    (if (i32.and (local.get $seen) (i32.const 0x400)) (then (return (i32.const 1))))
    (if (i32.ne (call $byte (local.get $start)) (i32.const 123)) (then (return (i32.const 1))))
    (local.set $end (i32.sub (local.get $end) (i32.const 1)))
    (if (i32.eq (call $byte (local.get $end)) (i32.const 13)) (then (local.set $end (i32.sub (local.get $end) (i32.const 1)))))
    (if (i32.ne (call $byte (local.get $end)) (i32.const 125)) (then (return (i32.const 1))))
    (local.set $inside (i32.load8_u (i32.const 3704)))
    (if (i32.and (local.get $inside) (i32.shr_u (local.get $seen) (i32.const 9))) (then (return (i32.const 1))))
    (if (i32.eq (i32.and (local.get $seen) (i32.const 0x300)) (i32.const 0x100)) (then
      (if (i32.eqz (local.get $inside)) (then (return (i32.const 0))))))
    (block $out (loop $need
      (br_if $out (i32.ge_u (local.get $i) (local.get $needs)))
      (if (i32.eqz (i32.and (local.get $seen) (i32.load8_u offset=3696 (local.get $i)))) (then (return (i32.const 0))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $need)))
    (call $hasLate (local.get $start) (local.get $end) (local.get $late)))

  ;; Whether a line has one of the late patterns for each need, and of times one that may matter.
  (func $hasLate (param $start i32) (param $end i32) (param $late i32) (result i32)
    (local $q i32) (local $last i32) (local $has i32)
    (local.set $q (i32.const 4096))
    (local.set $last (i32.add (i32.const 4096) (i32.shl (local.get $late) (i32.const 7))))
    (block $out (loop $pattern
      (br_if $out (i32.ge_u (local.get $q) (local.get $last)))
      (if (i32.eqz (local.get $has)) (then
        (local.set $has (call $isIn (local.get $q) (local.get $start) (local.get $end)))))
      (if (i32.and (i32.load offset=76 (local.get $q)) (i32.const 2)) (then
        (if (i32.eqz (local.get $has)) (then (return (i32.const 0))))
        (local.set $has (i32.const 0))))
      (local.set $q (i32.add (local.get $q) (i32.const 128)))
      (br $pattern)))
    (i32.const 1))

  ;; Whether the text of a pattern begins between the positions; of a name of a time, whether none of the
  ;; times behind it, or behind the other name, tells that the line does not matter.
  (func $isIn (param $q i32) (param $at i32) (param $end i32) (result i32)
    (local $c1 v128) (local $m1 v128) (local $c2 v128) (local $m2 v128) (local $a1 i32) (local $a2 i32)
    (local $o1 i32) (local $o2 i32) (local $mask i32) (local $p i32) (local $seen i32) (local $isTime i32)
    (local.set $c1 (v128.load (local.get $q)))
    (local.set $m1 (v128.load offset=16 (local.get $q)))
    (local.set $c2 (v128.load offset=32 (local.get $q)))
    (local.set $m2 (v128.load offset=48 (local.get $q)))
    (local.set $o1 (i32.load offset=64 (local.get $q)))
    (local.set $o2 (i32.load offset=68 (local.get $q)))
    (local.set $isTime (i32.and (i32.load offset=76 (local.get $q)) (i32.const 1)))
    (block $out (loop $block
      (br_if $out (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $a1 (i32.add (local.get $at) (local.get $o1)))
      (local.set $a2 (i32.add (local.get $at) (local.get $o2)))
      (local.set $mask (i8x16.bitmask (v128.and
        (i8x16.eq (v128.or (v128.load offset=16777216 (local.get $a1)) (local.get $m1)) (local.get $c1))
        (i8x16.eq (v128.or (v128.load offset=16777216 (local.get $a2)) (local.get $m2)) (local.get $c2)))))
      (block $none (loop $event
        (br_if $none (i32.eqz (local.get $mask)))
        (local.set $p (i32.add (local.get $at) (i32.ctz (local.get $mask))))
        (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
        (br_if $out (i32.ge_u (local.get $p) (local.get $end)))
        (if (local.get $isTime)
          (then (local.set $seen (i32.or (local.get $seen) (call $timeSeen (local.get $q) (local.get $p)))))
          (else (if (call $matches (local.get $q) (local.get $p)) (then (return (i32.const 1))))))
        (br $event)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $block)))
    (i32.and (local.get $isTime) (i32.ne (local.get $seen) (i32.const 0x100))))

  (data (i32.const 3840) "\00\00\1f\00\3b\00\5a\00\78\00\97\00\b5\00\d4\00\f3\00\11\01\30\01\4e\01\6d\01")
)
