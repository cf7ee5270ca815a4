using System.Text.Json.Nodes;

namespace CogniForge.Llm.Tests.Fuzzing;

/// <summary>Valid documents of all protocols, with every member that the gateway reads.</summary>
internal static class Documents
{
    public static string[] Requests { get; } =
    [
        """
        {"model":"fast","max_completion_tokens":9,"max_tokens":7,"n":2,"stream":true,"user":"u",
         "stream_options":{"include_usage":true},"prompt_cache_key":"k","service_tier":"flex","temperature":0.5,
         "stop":["x"],"tool_choice":"auto","parallel_tool_calls":false,"reasoning_effort":"low",
         "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}},
         "tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object"}}}],
         "messages":[{"role":"system","content":"s"},
          {"role":"user","content":[{"type":"text","text":"a"},
           {"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}]},
          {"role":"assistant","tool_calls":[{"id":"c1","type":"function",
           "function":{"name":"weather","arguments":"{\"city\":\"Zürich\"}"}}]},
          {"role":"tool","tool_call_id":"c1","content":"22 °C"}]}
        """,
        """
        {"model":"claude","max_tokens":9,"stream":false,"metadata":{"user_id":"u"},"system":[{"type":"text","text":"s",
          "cache_control":{"type":"ephemeral"}}],"stop_sequences":["x"],"top_k":3,"temperature":1,
         "thinking":{"type":"enabled","budget_tokens":1024},"tool_choice":{"type":"tool","name":"weather"},
         "tools":[{"name":"weather","description":"d","input_schema":{"type":"object"}}],
         "messages":[{"role":"user","content":[{"type":"text","text":"a"},
           {"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}]},
          {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"c2ln"},
           {"type":"tool_use","id":"t1","name":"weather","input":{"city":"Zürich"}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":false,
           "content":[{"type":"text","text":"22 °C"}]}]}]}
        """,
        """
        {"model":"gpt","max_output_tokens":9,"instructions":"i","safety_identifier":"u",
         "text":{"format":{"type":"text"}},"reasoning":{"effort":"low"},
         "tools":[{"type":"function","name":"weather","parameters":{"type":"object"}}],
         "input":[{"role":"user","content":[{"type":"input_text","text":"a"},
           {"type":"input_image","image_url":"https://example.com/a.png"}]},
          {"type":"function_call","call_id":"c1","name":"weather","arguments":"{}"},
          {"type":"function_call_output","call_id":"c1","output":"22 °C"}]}
        """,
        """{"model":"embed","input":["a","b",[1,2,3]],"dimensions":8,"encoding_format":"base64","user":"u"}""",
    ];

    public static string[] Responses { get; } =
    [
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","service_tier":"default",
         "choices":[{"index":0,"finish_reason":"tool_calls","logprobs":null,"message":{"role":"assistant",
          "content":"a","refusal":null,"reasoning":"r","tool_calls":[{"id":"c1","type":"function","index":0,
          "function":{"name":"weather","arguments":"{\"city\":\"Zürich\"}"}}]}}],
         "usage":{"prompt_tokens":12,"completion_tokens":9,"total_tokens":21,"cost":0.01,
          "prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":2}}}
        """,
        """
        {"id":"msg_1","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","stop_sequence":null,
         "content":[{"type":"thinking","thinking":"t","signature":"c2ln"},{"type":"text","text":"a","citations":[]},
          {"type":"tool_use","id":"t1","name":"weather","input":{"city":"Zürich"}}],
         "usage":{"input_tokens":12,"cache_creation_input_tokens":4,"cache_read_input_tokens":3,"output_tokens":9,
          "cache_creation":{"ephemeral_1h_input_tokens":1},"service_tier":"standard"}}
        """,
        """
        {"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m","error":null,
         "output":[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"t"}]},
          {"type":"message","id":"m1","role":"assistant","status":"completed",
           "content":[{"type":"output_text","text":"a","annotations":[]},{"type":"refusal","refusal":"no"}]},
          {"type":"function_call","id":"f1","call_id":"c1","name":"weather","arguments":"{}","status":"completed"}],
         "usage":{"input_tokens":12,"output_tokens":9,"total_tokens":21,"input_tokens_details":{"cached_tokens":3},
          "output_tokens_details":{"reasoning_tokens":2}}}
        """,
        """
        {"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.5,-1]},
         {"object":"embedding","index":1,"embedding":"AAAAPwAAgL8="}],"usage":{"prompt_tokens":3,"total_tokens":3}}
        """,
        """{"error":{"message":"m","type":"invalid_request_error","code":"context_length_exceeded","param":"p"}}""",
        """{"type":"error","error":{"type":"overloaded_error","message":"m"},"request_id":"r"}""",
    ];

    public static string[] Streams { get; } =
    [
        ": comment\n\n"
            + Stream(
                """{"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""",
                """{"id":"c","choices":[{"index":0,"delta":{"content":"a","reasoning":"r"}}]}""",
                """
                {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function",
                "function":{"name":"w","arguments":"{\"a\""}}]}}]}
                """,
                """
                {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},
                "finish_reason":"tool_calls"}]}
                """,
                """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"""
            )
            + "data: [DONE]\n\n",
        Stream(
            """
            {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m","content":[],
            "usage":{"input_tokens":3,"output_tokens":1}}}
            """,
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}""",
            """{"type":"content_block_stop","index":0}""",
            """
            {"type":"content_block_start","index":1,
            "content_block":{"type":"tool_use","id":"t","name":"w","input":{}}}
            """,
            """
            {"type":"content_block_delta","index":1,
            "delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}
            """,
            """{"type":"content_block_stop","index":1}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}""",
            """{"type":"message_stop"}"""
        ),
        Stream(
            """
            {"type":"response.created","sequence_number":0,
            "response":{"id":"r","model":"m","status":"in_progress","output":[]}}
            """,
            """
            {"type":"response.output_item.added","output_index":0,
            "item":{"type":"message","id":"m1","role":"assistant","content":[]}}
            """,
            """{"type":"response.output_text.delta","item_id":"m1","output_index":0,"content_index":0,"delta":"a"}""",
            """
            {"type":"response.completed","response":{"id":"r","object":"response","model":"m","status":"completed",
            "output":[{"type":"message","id":"m1","role":"assistant","content":[{"type":"output_text","text":"a"}]}],
            "usage":{"input_tokens":3,"output_tokens":1}}}
            """
        ),
    ];

    private static string Stream(params string[] events) =>
        string.Concat(
            from json in events
            let type = (string?)JsonNode.Parse(json)!["type"]
            select $"{(type is null ? "" : $"event: {type}\n")}data: {json.ReplaceLineEndings("")}\n\n"
        );
}
