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

    [Theory]
    [InlineData("""{"type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}""")]
    [InlineData("""{"role":"user","content":"x","\ud800":{"\udfff":0}}""")]
    public void Read_ManyItems_TakesLittleMemory(string item)
    {
        var items = string.Join(',', Enumerable.Repeat(item, 20_000));
        var body = Wire.Json($$"""{"input":[{{items}}]}""");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(StatefulReferenceReader.Read(Protocol.Responses, body));
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) >> 20, 0, 6);
    }

    /// <summary>A key could make a known id its own by having vLLM store a response under it.</summary>
    [Theory]
    [InlineData("Responses", 1)]
    [InlineData("ChatCompletions", 0)]
    public void Read_IdChosenByClient_IsReference(string protocol, int count)
    {
        var body = Wire.Json("""{"request_id":"resp_of_other_key"}""");
        Assert.Equal(count, StatefulReferenceReader.Read(Enum.Parse<Protocol>(protocol), body).Count);
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

    /// <summary>Providers differ in which of two members counts, and an empty one is as good as none.</summary>
    [Theory]
    [InlineData(""" "type":"reasoning","id":"x","encrypted_content":"a","encrypted_content":null """)]
    [InlineData(""" "type":"reasoning","id":"x","encrypted_content":"" """)]
    [InlineData(""" "type":"compaction","id":"x" """)]
    [InlineData(""" "type":"image_generation_call","id":"x","result":"a","result":null """)]
    [InlineData(""" "type":"message","type":null,"id":"x" """)]
    [InlineData(""" "id":"x","role":"user","role":null """)]
    [InlineData(""" "id":"x","role":"" """)]
    public void Read_HiddenContentOfItem_IsReference(string item)
    {
        var body = Wire.Json($$"""{"input":[{ {{item}} }]}""");
        Assert.Equal("x", Assert.Single(StatefulReferenceReader.Read(Protocol.Responses, body)).Id);
    }

    [Fact]
    public void Read_ManyTypesOfOneItem_ReadsContentOnce()
    {
        var types = string.Concat(Enumerable.Repeat("\"type\":\"reasoning\",", 200_000));
        var body = Wire.Json($$$"""{"input":[{{{{types}}}"encrypted_content":"x"}]}""");
        Assert.Empty(StatefulReferenceReader.Read(Protocol.Responses, body));
    }

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
