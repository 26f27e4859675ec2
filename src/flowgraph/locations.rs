//! Where instructions come from, known by number: the sequence that a graph is made of keeps the locations.

use crate::ir::Instruction;
use crate::source::Location;
use crate::target::Op;

/// The number of a location in its graph's [`Locations`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct LocationId(pub u32);

impl LocationId {
    /// That of [`Location::NONE`].
    pub const NONE: LocationId = LocationId(u32::MAX);
}

/// The instructions of the sequence, each of which has the location with its own number, and the few locations that passes make.
#[derive(Default)]
pub(super) struct Locations {
    pub sequence: Vec<Instruction>,
}

impl Locations {
    #[inline]
    pub fn get(&self, id: LocationId) -> Location {
        match self.sequence.get(id.0 as usize) {
            Some(instruction) => instruction.location,
            None => Location::NONE,
        }
    }

    /// The line alone.
    #[inline]
    pub fn line(&self, id: LocationId) -> i32 {
        match self.sequence.get(id.0 as usize) {
            Some(instruction) => instruction.location.line,
            None => Location::NONE.line,
        }
    }

    /// A location that is not in the sequence.
    pub fn add(&mut self, location: Location) -> LocationId {
        if location == Location::NONE {
            return LocationId::NONE;
        }
        self.sequence.push(Instruction { op: Op::Nop, arg: 0, location });
        LocationId(self.sequence.len() as u32 - 1)
    }
}
