-- What readers of channels asked to be told of in person.
CREATE TABLE interests (
    channel TEXT    NOT NULL,                -- id
    reader  TEXT    NOT NULL,                -- the place's id of somebody
    name    TEXT    NOT NULL,
    words   TEXT    NOT NULL,
    speaker TEXT    NOT NULL,
    quiet   TEXT    NOT NULL,
    made_at INTEGER NOT NULL,
    off_why TEXT    NOT NULL,                -- '': they are told
    PRIMARY KEY (channel, reader, words, speaker)
) STRICT, WITHOUT ROWID;
