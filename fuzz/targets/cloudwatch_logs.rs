//! Batches of CloudWatch Logs with any message, and any file of any format: reading ends, and what is made is JSON.
#![no_main]

use yagura_logs::Decoded;

fn read(file: Vec<u8>) {
    let Ok(mut decoded) = Decoded::new(std::io::Cursor::new(file), None) else { return };
    loop {
        let rejected = match decoded.next() {
            Ok(Some((_, record))) => serde_json::from_slice::<serde_json::Value>(record).is_err(),
            Ok(None) | Err(_) => return,
        };
        if rejected {
            decoded.reject("no JSON");
        }
        decoded.take_broken();
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    read(bytes.to_vec());
    let message = String::from_utf8_lossy(bytes);
    let batch = serde_json::json!({ "messageType": "DATA_MESSAGE", "logEvents": [{ "message": message }, { "message": message }] });
    read(batch.to_string().into_bytes());
    read(serde_json::json!({ "awslogs": { "data": message } }).to_string().into_bytes());
});
