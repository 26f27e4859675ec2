from __future__ import division; x; from __future__ import nope
