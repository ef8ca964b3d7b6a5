-- What a note of an earlier booking moved is looked up when the note comes again.
create index movement_move on movement (move_id) where move_id is not null;
create index custody_movement on custody (movement_id);
