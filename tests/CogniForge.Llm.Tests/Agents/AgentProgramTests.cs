using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>
/// The real programs complete a tool loop at a provider of each format: the model calls the shell, the program returns
/// the result, and the model ends.
/// </summary>
public sealed class AgentProgramTests(AgentGateway gateway) : IClassFixture<AgentGateway>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agent-");

    [AgentProgramTheory]
    [InlineData("compat", "/v1/chat/completions")]
    [InlineData("openrouter", "/v1/chat/completions")]
    [InlineData("anthropic", "/v1/messages")]
    [InlineData("openai", "/v1/responses")]
    public async Task Codex_AtAnyProvider_CompletesToolLoop(string provider, string path)
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "config.toml"),
            $"""
            model = "{gateway.Model(provider)}"
            model_provider = "cogniforge"
            approval_policy = "never"
            sandbox_mode = "danger-full-access"
            check_for_update_on_startup = false

            [analytics]
            enabled = false

            [model_providers.cogniforge]
            name = "CogniForge"
            base_url = "{new Uri(gateway.Address, "/v1")}"
            env_key = "COGNIFORGE_KEY"
            wire_api = "responses"
            """
        );
        await AssertLoopAsync(
            AgentProgram.Find("@openai/codex-", "codex"),
            ["exec", "--skip-git-repo-check", "Compute"],
            new() { ["CODEX_HOME"] = _folder.FullName, ["COGNIFORGE_KEY"] = "cf_dev" },
            path
        );
    }

    [AgentProgramTheory]
    [InlineData("compat", "/v1/chat/completions")]
    [InlineData("openrouter", "/v1/chat/completions")]
    [InlineData("anthropic", "/v1/messages")]
    [InlineData("openai", "/v1/chat/completions")]
    public async Task ClaudeCode_AtAnyProvider_CompletesToolLoop(string provider, string path)
    {
        var model = gateway.Model(provider);
        await AssertLoopAsync(
            AgentProgram.Find("@anthropic-ai/claude-code-", "claude"),
            ["-p", "Compute", "--allowedTools", "Bash"],
            new()
            {
                ["CLAUDE_CONFIG_DIR"] = _folder.FullName,
                ["ANTHROPIC_BASE_URL"] = gateway.Address.ToString().TrimEnd('/'),
                ["ANTHROPIC_AUTH_TOKEN"] = "cf_dev",
                ["ANTHROPIC_MODEL"] = model,
                ["ANTHROPIC_DEFAULT_HAIKU_MODEL"] = model,
                ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
                ["DISABLE_AUTOUPDATER"] = "1",
                ["DISABLE_TELEMETRY"] = "1",
                ["DISABLE_ERROR_REPORTING"] = "1",
            },
            path
        );
    }

    /// <summary>The settings of docs/llm/agents.md, with the address of this gateway.</summary>
    [AgentProgramTheory]
    [InlineData("@openai/codex-", "codex", "exec", "--skip-git-repo-check", "Say hello")]
    [InlineData("@anthropic-ai/claude-code-", "claude", "-p", "Say hello")]
    public async Task Program_DocumentedSettings_ReachesMock(string package, string program, params string[] arguments)
    {
        var page = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/llm/agents.md"))).Replace(
            "http://localhost:5201",
            gateway.Address.ToString().TrimEnd('/'),
            StringComparison.Ordinal
        );
        var settings = page.Split("```toml")[1].Split("```")[0];
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "config.toml"), settings);
        var variables = page.Split('\n')
            .Where(l => l.StartsWith("export ", StringComparison.Ordinal))
            .SelectMany(l => l["export ".Length..].Split(' '))
            .Append("COGNIFORGE_KEY=cf_dev")
            .Append($"CODEX_HOME={_folder.FullName}")
            .Append($"CLAUDE_CONFIG_DIR={_folder.FullName}")
            .ToDictionary(v => v.Split('=')[0], v => v[(v.IndexOf('=', StringComparison.Ordinal) + 1)..]);

        var (exitCode, output) = await AgentProgram.RunAsync(
            AgentProgram.Find(package, program),
            _folder.FullName,
            arguments,
            variables
        );
        Assert.True(exitCode == 0, $"Exit code {exitCode}: {output}");
        Assert.Contains("You said: ", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task AssertLoopAsync(
        string program,
        string[] arguments,
        Dictionary<string, string> variables,
        string path
    )
    {
        gateway.Provider.Behaviour = ShellModel.RespondAsync;
        var before = gateway.Provider.Calls.Count;
        var (exitCode, output) = await AgentProgram.RunAsync(program, _folder.FullName, arguments, variables);

        Assert.True(exitCode == 0, $"Exit code {exitCode}: {output}");
        Assert.Contains(ShellModel.End, output, StringComparison.Ordinal);
        var calls = gateway.Provider.Calls.Skip(before).ToList();
        Assert.All(calls, c => Assert.Equal(path, c.Path));
        Assert.Contains(ShellModel.Result, calls[^1].Body.GetRawText(), StringComparison.Ordinal);
    }
}
