namespace CogniForge.Llm.Tests;

public sealed class DocumentExamplesTests(DocumentedGateway gateway)
    : IClassFixture<DocumentedGateway>,
        IAsyncLifetime
{
    private const int Port = 5201;

    public static TheoryData<string> Pages => DocumentExamples.FindPages(Port);

    // Some examples show what earlier requests have left.
    public async Task InitializeAsync()
    {
        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            """{"model":"mock","messages":[{"role":"user","content":"Hello"}]}"""
        );
        response.EnsureSuccessStatusCode();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Pages))]
    public Task Examples_Pasted_Succeed(string page) =>
        DocumentExamples.AssertSucceedAsync(page, Port, gateway.Address);
}
