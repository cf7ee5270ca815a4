namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>Requests to the mock and its responses, for the OpenAPI document.</summary>
internal static class InferenceExamples
{
    public const string ChatRequest = """
        { "model": "mock", "messages": [
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": [
              { "type": "text", "text": "Hello" },
              { "type": "image_url", "image_url": { "url": "https://example.org/cat.png" } }] }],
          "max_completion_tokens": 100, "stop": ["\n\n"],
          "tools": [{ "type": "function", "function": {
            "name": "get_weather", "description": "The weather of a city",
            "parameters": {
              "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"] } } }],
          "tool_choice": "auto", "user": "u1" }
        """;

    public const string ChatResponse = """
        { "id": "chatcmpl-01a1fd55fb347c75ad650084cbb1d99c", "object": "chat.completion", "created": 1795252432,
          "model": "mock",
          "choices": [{ "index": 0,
            "message": { "role": "assistant", "content": "You said: Hello", "refusal": null },
            "logprobs": null, "finish_reason": "stop" }],
          "usage": { "prompt_tokens": 5, "completion_tokens": 4, "total_tokens": 9 } }
        """;

    public const string ResponsesRequest = """
        { "model": "mock", "instructions": "Be brief.",
          "input": [{ "role": "user", "content": "Hello" }], "max_output_tokens": 100 }
        """;

    public const string ResponsesResponse = """
        { "id": "resp_01a1fd55fb347c75ad650084cbb1d99c", "object": "response", "created_at": 1795252432,
          "status": "completed", "model": "mock",
          "output": [{ "id": "msg_0", "type": "message", "status": "completed", "role": "assistant",
            "content": [{ "type": "output_text", "text": "You said: Hello", "annotations": [] }] }],
          "usage": { "input_tokens": 5, "output_tokens": 4, "total_tokens": 9 } }
        """;

    public const string EmbeddingRequest = """{ "model": "mock", "input": ["the cat sat"], "dimensions": 3 }""";

    public const string EmbeddingResponse = """
        { "object": "list", "data": [{ "object": "embedding", "index": 0, "embedding": [0.6, -0.64, 0.48] }],
          "model": "mock", "usage": { "prompt_tokens": 3, "total_tokens": 3 } }
        """;

    public const string MessageRequest = """
        { "model": "mock", "max_tokens": 100, "system": "Be brief.",
          "messages": [{ "role": "user", "content": [{ "type": "text", "text": "Hello" }] }],
          "tools": [{ "name": "get_weather", "description": "The weather of a city",
            "input_schema": {
              "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"] } }] }
        """;

    public const string MessageResponse = """
        { "id": "msg_01a1fd55fb347c75ad650084cbb1d99c", "type": "message", "role": "assistant", "model": "mock",
          "content": [{ "type": "text", "text": "You said: Hello" }],
          "stop_reason": "end_turn", "usage": { "input_tokens": 5, "output_tokens": 4 } }
        """;

    public const string CountTokensRequest =
        """{ "model": "mock", "messages": [{ "role": "user", "content": "Hello" }] }""";
}
