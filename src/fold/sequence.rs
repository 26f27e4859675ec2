//! Strings, bytes and tuples: concatenation, repetition and subscripts.

use super::number::Number;
use super::{MAX_COLLECTION_SIZE, MAX_STR_SIZE, MAX_TOTAL_ITEMS};
use crate::object::{Const, ConstCache, ConstId, Int, PyStr, push_code_point};

/// `left + right` of two sequences of one type.
pub(super) fn concatenate<'a>(cache: &mut ConstCache<'a>, left: ConstId, right: ConstId) -> Option<ConstId> {
    let arena = cache.arena();
    match (cache.get(left), cache.get(right)) {
        (Const::Str(a), Const::Str(b)) => {
            let bytes = arena.alloc_slice_copy(&[a.as_bytes(), b.as_bytes()].concat());
            Some(cache.add(Const::Str(PyStr::from_bytes(bytes))))
        }
        (Const::Bytes(a), Const::Bytes(b)) => {
            let bytes = arena.alloc_slice_copy(&[a, b].concat());
            Some(cache.add(Const::Bytes(bytes)))
        }
        (Const::Tuple(a), Const::Tuple(b)) => Some(cache.add_tuple(&[a, b].concat())),
        _ => None,
    }
}

/// `sequence * count`; nothing where the operands are other things.
///
/// Mirrors CPython 3.14: `const_folding_safe_multiply`, which refuses negative counts of what is not empty.
pub(super) fn repeat<'a>(cache: &mut ConstCache<'a>, sequence: ConstId, count: ConstId) -> Option<ConstId> {
    let Int::Small(count) = Number::of(cache.get(count))?.as_int()? else { return None };
    let arena = cache.arena();
    let value = cache.get(sequence);
    let (size, limit) = match value {
        Const::Str(s) => (s.char_len() as i64, MAX_STR_SIZE),
        Const::Bytes(b) => (b.len() as i64, MAX_STR_SIZE),
        Const::Tuple(items) => (items.len() as i64, MAX_COLLECTION_SIZE),
        _ => return None,
    };
    if size == 0 {
        return Some(sequence);
    }
    if count < 0 || count > limit / size {
        return None;
    }
    let times = count as usize;
    match value {
        Const::Str(s) => {
            let bytes = arena.alloc_slice_copy(&s.as_bytes().repeat(times));
            Some(cache.add(Const::Str(PyStr::from_bytes(bytes))))
        }
        Const::Bytes(b) => {
            let bytes = arena.alloc_slice_copy(&b.repeat(times));
            Some(cache.add(Const::Bytes(bytes)))
        }
        Const::Tuple(items) => {
            if count != 0 && check_complexity(cache, items, MAX_TOTAL_ITEMS / count) < 0 {
                return None;
            }
            Some(cache.add_tuple(&items.repeat(times)))
        }
        _ => None,
    }
}

/// Mirrors CPython 3.14: `const_folding_check_complexity`: what is left of the limit, negative if it is passed.
fn check_complexity(cache: &ConstCache<'_>, items: &[ConstId], mut limit: i64) -> i64 {
    limit -= items.len() as i64;
    for &item in items {
        if limit < 0 {
            break;
        }
        if let Const::Tuple(inner) = cache.get(item) {
            limit = check_complexity(cache, inner, limit);
        }
    }
    limit
}

/// `value[index]` of a string, bytes or a tuple by an integer or a constant slice.
pub(super) fn subscript<'a>(cache: &mut ConstCache<'a>, value: Const<'a>, index: Const<'a>) -> Option<ConstId> {
    let size = match value {
        Const::Str(s) => s.char_len(),
        Const::Bytes(b) => b.len(),
        Const::Tuple(items) => items.len(),
        _ => return None,
    } as i64;
    if let Const::Slice(parts) = index {
        return slice(cache, value, size, parts);
    }
    let Int::Small(mut at) = Number::of(index)?.as_int()? else { return None };
    if at < 0 {
        at += size;
    }
    if at < 0 || at >= size {
        return None;
    }
    let at = at as usize;
    match value {
        Const::Str(s) => {
            let mut text = Vec::with_capacity(4);
            push_code_point(&mut text, s.code_points().nth(at)?);
            let bytes = cache.arena().alloc_slice_copy(&text);
            Some(cache.add(Const::Str(PyStr::from_bytes(bytes))))
        }
        Const::Bytes(b) => Some(cache.add(Const::Int(Int::Small(b[at] as i64)))),
        Const::Tuple(items) => Some(items[at]),
        _ => None,
    }
}

/// A bound of a slice: `None` gives the default, integers out of a word's range count as its ends.
fn bound(cache: &ConstCache<'_>, part: ConstId, default: i64) -> Option<i64> {
    match cache.get(part) {
        Const::None => Some(default),
        value => Some(match Number::of(value)?.as_int()? {
            Int::Small(i) => i,
            Int::Big { negative: true, .. } => i64::MIN,
            Int::Big { .. } => i64::MAX,
        }),
    }
}

/// Mirrors CPython 3.14: `PySlice_Unpack` and `PySlice_AdjustIndices`.
fn slice<'a>(cache: &mut ConstCache<'a>, value: Const<'a>, size: i64, parts: [ConstId; 3]) -> Option<ConstId> {
    let step = bound(cache, parts[2], 1)?.max(-i64::MAX);
    if step == 0 {
        return None;
    }
    let backward = step < 0;
    let start = bound(cache, parts[0], if backward { i64::MAX } else { 0 })?;
    let stop = bound(cache, parts[1], if backward { i64::MIN } else { i64::MAX })?;
    let adjust = |at: i64| {
        let (lowest, highest) = if backward { (-1, size - 1) } else { (0, size) };
        if at < 0 { at.saturating_add(size).max(lowest) } else { at.min(highest) }
    };
    let (start, stop) = (adjust(start), adjust(stop));
    let indices = std::iter::successors(Some(start), |at| at.checked_add(step))
        .take_while(move |&at| if backward { at > stop } else { at < stop })
        .map(|at| at as usize);
    let arena = cache.arena();
    match value {
        Const::Str(s) => {
            let points: Vec<u32> = s.code_points().collect();
            let mut text = Vec::new();
            for at in indices {
                push_code_point(&mut text, points[at]);
            }
            let bytes = arena.alloc_slice_copy(&text);
            Some(cache.add(Const::Str(PyStr::from_bytes(bytes))))
        }
        Const::Bytes(b) => {
            let picked: Vec<u8> = indices.map(|at| b[at]).collect();
            let bytes = arena.alloc_slice_copy(&picked);
            Some(cache.add(Const::Bytes(bytes)))
        }
        Const::Tuple(items) => {
            let picked: Vec<ConstId> = indices.map(|at| items[at]).collect();
            Some(cache.add_tuple(&picked))
        }
        _ => None,
    }
}
