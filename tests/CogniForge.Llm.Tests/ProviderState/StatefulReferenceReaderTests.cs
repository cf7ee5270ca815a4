using CogniForge.Llm.Protocols;
using CogniForge.Llm.ProviderState;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.ProviderState;

public class StatefulReferenceReaderTests
{
    /// <summary>A path repeats the names above it, which may have megabytes, for each reference.</summary>
    [Fact]
    public void Read_ManyReferencesBelowLongName_AreBounded()
    {
        var ids = string.Join(',', Enumerable.Repeat("\"a\"", 5_000));
        var body = Wire.Json($$$"""{"{{{new string('n', 100_000)}}}":{"file_ids":[{{{ids}}}]}}""");
        var references = StatefulReferenceReader.Read(Protocol.Responses, body);
        Assert.Equal(1_001, references.Count);
        Assert.All(references, r => Assert.InRange(r.Path.Length, 1, 200));
    }

    [Fact]
    public void Read_ToolsOfNamespace_AreTheClientsOwn()
    {
        var references = StatefulReferenceReader.Read(
            Protocol.Responses,
            Wire.Json(
                """
                {"tools":[{"type":"namespace","name":"a","tools":[
                   {"type":"function","name":"f","parameters":{"properties":{"server_url":{"type":"string"}}}}]},
                 {"type":"namespace","name":"b","tools":[{"type":"mcp","server_url":"https://a"}]}]}
                """
            )
        );
        Assert.Equal("tools[1].tools[0].server_url", Assert.Single(references).Path);
    }

    [Fact]
    public void Read_ManyInputsOfOneObject_ReadsTypeOnce()
    {
        // Quadratic reading of 200,000 members would take minutes.
        var inputs = string.Concat(Enumerable.Repeat("\"input\":{\"file_id\":\"x\"},", 200_000));
        var body = Wire.Json("""{"messages":[{"content":[{""" + inputs + "\"type\":\"tool_use\"}]}]}");
        Assert.Empty(StatefulReferenceReader.Read(Protocol.Messages, body));
    }

    [Theory]
    [InlineData("""{"extra_body":{"google":{"cached_content":"a"}}}""", "extra_body.google.cached_content", "a")]
    [InlineData("""{"tools":[{"type":"collections_search","collection_ids":["a"]}]}""", "tools[0].collection_ids", "a")]
    [InlineData("""{"agent_id":"a"}""", "agent_id", "a")]
    [InlineData("""{"conversation_id":"a"}""", "conversation_id", "a")]
    [InlineData("""{"tools":[{"type":"document_library","library_ids":["a"]}]}""", "tools[0].library_ids", "a")]
    [InlineData("""{"kv_transfer_params":{"remote_host":"10.0.0.1"}}""", "kv_transfer_params", null)]
    [InlineData("""{"data_sources":[{"type":"azure_search"}]}""", "data_sources", null)]
    [InlineData(
        """{"messages":[{"content":[{"type":"video_url","video_url":{"url":"\u006ds://a"}}]}]}""",
        "messages[0].content[0].video_url.url",
        "a"
    )]
    [InlineData("""{"tools":[{"type":"memory","memory_store_id":"a"}]}""", "tools[0].memory_store_id", "a")]
    [InlineData("""{"audio":{"voice":{"id":"a"}}}""", "audio.voice.id", "a")]
    [InlineData("""{"messages":[{"input_audio":{"id":"a"}}]}""", "messages[0].input_audio.id", "a")]
    [InlineData(
        """{"messages":[{"content":[{"fileData":"""
            + """{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/a"}}]}]}""",
        "messages[0].content[0].fileData.fileUri",
        "files/a"
    )]
    [InlineData(
        """{"image_url":"https://generativelanguage.googleapis.com/v1alpha/files/a"}""",
        "image_url",
        "files/a"
    )]
    public void Read_ReferenceOfOneProvider_IsFound(string body, string path, string? id)
    {
        var reference = Assert.Single(StatefulReferenceReader.Read(Protocol.ChatCompletions, Wire.Json(body)));

        Assert.Equal((path, id), (reference.Path, reference.Id));
    }

    /// <summary>Servers written in Go, .NET or with Protobuf accept these, and lists where one is expected.</summary>
    [Theory]
    [InlineData("""{"extra_body":{"google":{"cachedContent":"a"}}}""", "extra_body.google.cachedContent")]
    [InlineData("""{"File_ID":"a"}""", "File_ID")]
    [InlineData("""{"tools":[{"type":"file_search","vectorStoreIds":["a"]}]}""", "tools[0].vectorStoreIds")]
    [InlineData("""{"tools":{"vector_store_ids":["a"]}}""", "tools.vector_store_ids")]
    [InlineData("""{"tools":[[{"vector_store_ids":["a"]}]]}""", "tools[0][0].vector_store_ids")]
    [InlineData("""{"messages":[{"image_url":{"url":" MS:a"}}]}""", "messages[0].image_url.url")]
    [InlineData("""{"messages":[{"image_url":"ms:///a"}]}""", "messages[0].image_url")]
    public void Read_OtherSpelling_IsFound(string body, string path)
    {
        var reference = Assert.Single(StatefulReferenceReader.Read(Protocol.ChatCompletions, Wire.Json(body)));

        Assert.Equal((path, "a"), (reference.Path, reference.Id));
    }

    [Fact]
    public void Read_AddressOfImage_IsNoReference()
    {
        var body = Wire.Json("""{"messages":[{"content":[{"image_url":{"url":"https://example.com/a.png"}}]}]}""");

        Assert.Empty(StatefulReferenceReader.Read(Protocol.ChatCompletions, body));
    }
}
