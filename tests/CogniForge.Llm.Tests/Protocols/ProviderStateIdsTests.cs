using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Tests.Protocols;

/// <summary>Only ids that the provider wrote become the key's: a model writes what its client tells it.</summary>
public class ProviderStateIdsTests
{
    [Theory]
    [InlineData("""{"content":[{"type":"tool_use","id":"t","input":{"file_id":"x"}}]}""")]
    [InlineData("""{"content":[{"type":"tool_use","id":"t","input":{"container":{"id":"x"}}}]}""")]
    [InlineData("""{"content":[{"type":"server_tool_use","id":"t","input":{"content":[{"file_id":"x"}]}}]}""")]
    [InlineData("""{"content":[{"type":"text","text":"t","parsed":{"container_id":"x"}}]}""")]
    public void Nested_WrittenByModel_AreIgnored(string response) =>
        Assert.Empty(ProviderStateIds.ReadNested(Wire.Json(response)));

    [Theory]
    [InlineData("""{"output":[{"type":"function_call","arguments":{"file_id":"x"}}]}""")]
    [InlineData("""{"output":[{"type":"computer_call","action":{"container_id":"x"}}]}""")]
    [InlineData("""{"output":[{"type":"file_search_call","results":[{"attributes":{"file_id":"x"}}]}]}""")]
    public void Response_WrittenByModel_AreIgnored(string response) =>
        Assert.Empty(ProviderStateIds.ReadResponse(Wire.Json(response)));

    [Theory]
    [InlineData("""{"container":{"id":"x"},"content":[]}""")]
    [InlineData("""{"content":[{"type":"container_upload","file_id":"x"}]}""")]
    [InlineData(
        """
        {"content":[{"type":"bash_code_execution_tool_result","tool_use_id":"t",
          "content":{"type":"bash_code_execution_result",
            "content":[{"type":"bash_code_execution_output","file_id":"x"}]}}]}
        """
    )]
    public void Nested_WrittenByProvider_AreRead(string response) =>
        Assert.Equal(["x"], ProviderStateIds.ReadNested(Wire.Json(response)));

    [Theory]
    [InlineData("""{"output":[{"type":"code_interpreter_call","container_id":"x"}]}""")]
    [InlineData(
        """{"output":[{"content":[{"annotations":[{"type":"container_file_citation","file_id":"x"}]}]}]}"""
    )]
    [InlineData("""{"output":[{"type":"file_search_call","results":[{"file_id":"x"}]}]}""")]
    public void Response_WrittenByProvider_AreRead(string response) =>
        Assert.Equal(["x"], ProviderStateIds.ReadResponse(Wire.Json(response)));
}
