namespace CogniForge.Llm.Tests.Protocols.Messages;

/// <summary>A message with thinking, text and a tool call, streamed and complete.</summary>
internal static class Samples
{
    public const string ToolStream = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",
          "model":"claude-haiku-4.5","content":[],"stop_reason":null,"stop_sequence":null,
          "usage":{"input_tokens":12,"cache_creation_input_tokens":40,"cache_read_input_tokens":30,"output_tokens":2}}}

        event: ping
        data: {"type":"ping"}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me "}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"see."}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Looking"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"citations_delta",
          "citation":{"type":"char_location","cited_text":"x"}}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":1}

        event: content_block_start
        data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1",
          "name":"weather","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\":"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"\"Zürich\"}"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":2}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},
          "usage":{"output_tokens":90,"output_tokens_details":{"thinking_tokens":20}}}

        event: message_stop
        data: {"type":"message_stop"}
        """;

    public const string ToolMessage = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4.5",
         "content":[{"type":"thinking","thinking":"Let me see.","signature":"c2ln"},
                    {"type":"text","text":"Looking","citations":[{"type":"char_location","cited_text":"x"}]},
                    {"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Zürich"}}],
         "stop_reason":"tool_use","stop_sequence":null,
         "usage":{"input_tokens":12,"cache_creation_input_tokens":40,"cache_read_input_tokens":30,"output_tokens":90,
           "output_tokens_details":{"thinking_tokens":20}}}
        """;
}
